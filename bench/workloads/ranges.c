/* SPDX-License-Identifier: GPL-2.0-or-later */
/* N ranges that do not touch each other are added to one transaction; in each a store. */
#include "workload.h"

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 100000);
  char* p = map_pmem(n * 2 * LINE);
  VALGRIND_PMC_START_TX;
  for (size_t i = 0; i < n; i++) VALGRIND_PMC_ADD_TO_TX(p + shuffled(i, n) * 2 * LINE, LINE);
  for (size_t i = 0; i < n; i++) {
    char* at = p + i * 2 * LINE;
    *(volatile uint64_t*)at = i;
    pmem_persist(at, 8);
  }
  VALGRIND_PMC_END_TX;
  return 0;
}
