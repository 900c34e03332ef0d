/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Only volatile work: N numbers are sorted, and counted in a hash table, ROUNDS times. */
#include "workload.h"

static int compare(const void* a, const void* b) {
  uint64_t x = *(const uint64_t*)a, y = *(const uint64_t*)b;
  return (x > y) - (x < y);
}

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 200000), rounds = number(argc, argv, 2, 5);
  size_t slots = 4 * n;
  uint64_t* numbers = malloc(n * sizeof *numbers);
  uint32_t* counts = malloc(slots * sizeof *counts);
  uint64_t sum = 0;
  map_pmem(1 << 20); /* so that the tool watches stores */
  for (size_t round = 0; round < rounds; round++) {
    memset(counts, 0, slots * sizeof *counts);
    for (size_t i = 0; i < n; i++) {
      numbers[i] = next_random();
      counts[numbers[i] % slots]++;
    }
    qsort(numbers, n, sizeof *numbers, compare);
    for (size_t i = 0; i < n; i++) sum += numbers[i] ^ counts[numbers[i] % slots];
  }
  return sum == 42;
}
