/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges of two threads' own transactions overlap. */
#include "guest.h"

static void* other(void* unused) {
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 64); /* overlap: 64 tx own first 32 tx own @0 from A */
  PM(uint64_t, 0) = 1;
  VALGRIND_PMC_END_TX;
  return unused;
}

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 32); /* here: A */
  pm_run_thread(other, NULL);
  PM(uint64_t, 0) = 2;
  PM(uint64_t, 32) = 2; /* outside-tx: 8 @32 */
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
