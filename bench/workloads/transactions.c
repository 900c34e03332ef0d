/* SPDX-License-Identifier: GPL-2.0-or-later */
/* N transactions of one thread are open at a time; each has a range, and a store in it. */
#include "workload.h"

enum { FIRST_ID = 1 << 20 };

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 50000);
  char* p = map_pmem(n * 2 * LINE);
  for (size_t i = 0; i < n; i++) {
    VALGRIND_PMC_START_TX_N(FIRST_ID + i);
    VALGRIND_PMC_ADD_TO_TX_N(FIRST_ID + i, p + shuffled(i, n) * 2 * LINE, LINE);
  }
  for (size_t i = 0; i < n; i++) {
    char* at = p + i * 2 * LINE;
    *(volatile uint64_t*)at = i;
    pmem_persist(at, 8);
  }
  for (size_t i = 0; i < n; i++) VALGRIND_PMC_END_TX_N(FIRST_ID + shuffled(i, n));
  return 0;
}
