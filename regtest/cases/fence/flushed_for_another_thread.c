/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The thread that flushed must fence; a fence by the thread that stored does not help. */
#include "guest.h"
#include <pthread.h>
#include <sched.h>

static volatile int step;

static void wait_for(int wanted) {
  while (step != wanted) sched_yield();
}

static void* worker(void* unused) {
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 64) = 1; /* lost: 8 FLUSHED @64 */
  step = 1;
  wait_for(2);
  SFENCE();
  step = 3;
  wait_for(4);
  return unused;
}

int main(void) {
  pthread_t thread;
  pm_open(4096);
  if (pthread_create(&thread, NULL, worker, NULL) != 0) pm_fail("pthread_create");
  wait_for(1);
  CLWB(PM_BASE);
  SFENCE();
  CLWB(PM_BASE + 64);
  step = 2;
  wait_for(3);
  END();
}
