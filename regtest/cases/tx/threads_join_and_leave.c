/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stores of a thread are checked while it is in transaction 6, not before and not after. */
#include "guest.h"

static void* other(void* unused) {
  PM(uint64_t, 8) = 1;
  VALGRIND_PMC_ADD_THREAD_TX_N(6);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 8) = 2; /* outside-tx: 8 @8 */
  VALGRIND_PMC_ADD_TO_TX_N(6, PM_BASE + 64, 8);
  PM(uint64_t, 64) = 2;
  VALGRIND_PMC_REMOVE_THREAD_FROM_TX_N(6);
  PM(uint64_t, 8) = 3;
  return unused;
}

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX_N(6);
  VALGRIND_PMC_ADD_TO_TX_N(6, PM_BASE, 8);
  pm_run_thread(other, NULL);
  PM(uint64_t, 64) = 3;
  PM(uint64_t, 8) = 4; /* outside-tx: 8 @8 */
  VALGRIND_PMC_REMOVE_THREAD_FROM_TX_N(6);
  PM(uint64_t, 8) = 5;
  VALGRIND_PMC_ADD_THREAD_TX_N(6);
  PM(uint64_t, 0) = 6;
  PM(uint64_t, 8) = 6; /* outside-tx: 8 @8 */
  VALGRIND_PMC_END_TX_N(6);
  PM(uint64_t, 8) = 7;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
