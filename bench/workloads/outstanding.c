/* SPDX-License-Identifier: GPL-2.0-or-later */
/* N stores, each to a line of its own, stay outstanding while M others are persisted. */
#include "workload.h"

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 20000), m = number(argc, argv, 2, 10000);
  char* p = map_pmem((n + m) * LINE);
  for (size_t i = 0; i < n; i++) *(volatile uint64_t*)(p + i * LINE) = i;
  for (size_t i = n; i < n + m; i++) {
    *(volatile uint64_t*)(p + i * LINE) = i;
    pmem_persist(p + i * LINE, 8);
  }
  VALGRIND_PMC_SET_CLEAN(p, (n + m) * LINE); /* so that nothing is reported */
  return 0;
}
