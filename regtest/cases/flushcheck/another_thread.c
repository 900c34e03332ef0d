/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=yes */
/* A flush is redundant even if another thread made the first flush. */
#include "guest.h"
#include <pthread.h>

static volatile int turn; /* no lock and no sleep(), which takes one: a lock is a fence */

static void* other(void* unused) {
  while (turn != 1) sched_yield();
  CLWB(PM_BASE); /* here: A */
  turn = 2;
  return unused;
}

int main(void) {
  pthread_t thread;
  pm_open(4096);
  if (pthread_create(&thread, NULL, other, NULL) != 0) pm_fail("pthread_create");
  PM(uint64_t, 0) = 1; /* redundant: 8 @0 by main from A */
  VALGRIND_PMC_DO_FLUSH(PM_BASE, 64);
  turn = 1;
  while (turn != 2) sched_yield();
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  END();
}
