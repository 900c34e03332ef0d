/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cost of a mapping of many gibibytes depends on the stores to it, not on its size. */
#include "guest.h"

#define SIZE ((size_t)32 << 30)

int main(void) {
  pm_open(SIZE);
  for (size_t at = 0; at < SIZE; at += SIZE / 64) {
    PM(uint64_t, at) = 1;
    CLWB(PM_BASE + at);
    PM(uint64_t, at + 64) = 1; /* lost: 8 DIRTY x64 */
  }
  SFENCE();
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE, SIZE);
  END();
}
