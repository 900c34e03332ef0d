/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ranges of all transactions of a thread cover its stores, even one store over two ranges. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_START_TX_N(9);
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 4);
  VALGRIND_PMC_ADD_TO_TX_N(9, PM_BASE + 4, 8);
  PM(uint32_t, 0) = 1;
  PM(uint32_t, 4) = 1;
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 8) = 1; /* outside-tx: 8 @8 */
  VALGRIND_PMC_END_TX_N(9);
  PM(uint32_t, 0) = 2;
  PM(uint64_t, 0) = 2; /* outside-tx: 8 @0 */
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
