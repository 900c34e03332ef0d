/* SPDX-License-Identifier: GPL-2.0-or-later */
/* N mappings that exist together and do not touch; a few persisted stores in each. */
#include "workload.h"

enum { SIZE = 4 * LINE, DISTANCE = 2 * SIZE, STORES = 4 };

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 100000);
  char* p = map_file(n * DISTANCE);
  for (size_t i = 0; i < n; i++)
    VALGRIND_PMC_REGISTER_PMEM_MAPPING(p + shuffled(i, n) * DISTANCE, SIZE);
  for (size_t i = 0; i < STORES * n; i++) {
    char* at = p + shuffled(i % n, n) * DISTANCE;
    *(volatile uint64_t*)at = i;
    pmem_persist(at, 8);
  }
  for (size_t i = 0; i < n; i++)
    VALGRIND_PMC_REMOVE_PMEM_MAPPING(p + shuffled(i, n) * DISTANCE, SIZE);
  return 0;
}
