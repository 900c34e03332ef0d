/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store is checked against the ranges that the transaction has when the store is made. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX;
  PM(uint64_t, 0) = 1; /* outside-tx: 8 @0 */
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 8);
  PM(uint64_t, 0) = 2;
  VALGRIND_PMC_REMOVE_FROM_TX(PM_BASE, 8);
  PM(uint64_t, 0) = 3; /* outside-tx: 8 @0 */
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
