/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: end 0 1 */
/* stdout: end 0 1 */
/* A thread that gets the id of an earlier thread does not inherit its transaction. */
#include "guest.h"

static int end_tx(void) {
  return (int)VALGRIND_DO_CLIENT_REQUEST_EXPR(-1, VG_USERREQ__PMC_END_TX, 0, 0, 0, 0, 0);
}

static void* leaves_it_open(void* unused) {
  VALGRIND_PMC_START_TX; /* active-tx: tx own nesting 1 */
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 8);
  PM(uint64_t, 0) = 1;
  return unused;
}

static void* comes_after(void* unused) {
  PM(uint64_t, 64) = 1; /* in no transaction */
  VALGRIND_PMC_START_TX;
  PM(uint64_t, 0) = 2; /* outside-tx: 8 @0 x2 */
  printf("end %d", end_tx());
  printf(" %d\n", end_tx());
  return unused;
}

int main(void) {
  pm_open(4096);
  pm_run_thread(leaves_it_open, NULL);
  pm_run_thread(comes_after, NULL);
  pm_run_thread(comes_after, NULL);
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
