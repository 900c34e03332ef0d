/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 2 0 */
/* A thread that exits leaves its transactions; a later thread with the same id is not in them. */
#include "guest.h"

static int answers[2];

static void* joins(void* unused) {
  VALGRIND_PMC_ADD_THREAD_TX_N(6);
  PM(uint64_t, 8) = 1; /* outside-tx: 8 @8 */
  return unused;
}

static void* does_not(void* unused) {
  PM(uint64_t, 8) = 2;
  answers[0] = (int)VALGRIND_PMC_REMOVE_THREAD_FROM_TX_N(6);
  return unused;
}

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX_N(6);
  pm_run_thread(joins, NULL);
  pm_run_thread(does_not, NULL);
  answers[1] = (int)VALGRIND_PMC_END_TX_N(6);
  printf("%d %d\n", answers[0], answers[1]);
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
