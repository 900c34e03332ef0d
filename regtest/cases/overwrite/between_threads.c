/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --mult-stores=yes */
/* A store overwritten by another thread is a finding. */
#include "guest.h"
#include <pthread.h>

static volatile int turn; /* no lock and no sleep(), which takes one: a lock is a fence */

static void* other(void* unused) {
  while (turn != 1) sched_yield();
  PM(uint64_t, 0) = 2; /* lost: 8 DIRTY @0 */
  turn = 2;
  return unused;
}

int main(void) {
  pthread_t thread;
  pm_open(4096);
  if (pthread_create(&thread, NULL, other, NULL) != 0) pm_fail("pthread_create");
  PM(uint64_t, 0) = 1; /* overwritten: 8 FLUSHED @0 by main */
  CLWB(PM_BASE);
  turn = 1;
  while (turn != 2) sched_yield();
  END();
}
