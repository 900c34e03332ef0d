/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fence by main or by a worker does not make durable what the other of them flushed. */
#include "guest.h"
#include <pthread.h>
#include <sched.h>

/* Read and written by plain loads and stores, because a locked instruction would be a fence. */
static volatile int step;

static void wait_for(int wanted) {
  while (step != wanted) sched_yield();
}

static void* worker(void* unused) {
  wait_for(1);
  SFENCE();
  MFENCE();
  VALGRIND_PMC_DO_FENCE;
  PM(uint64_t, 64) = 1; /* lost: 8 FLUSHED @64 */
  CLWB(PM_BASE + 64);
  step = 2;
  wait_for(3);
  return unused;
}

int main(void) {
  pthread_t thread;
  pm_open(4096);
  if (pthread_create(&thread, NULL, worker, NULL) != 0) pm_fail("pthread_create");
  PM(uint64_t, 128) = 1;
  CLWB(PM_BASE + 128);
  SFENCE();
  PM(uint64_t, 0) = 1; /* lost: 8 FLUSHED @0 */
  CLWB(PM_BASE);
  step = 1;
  wait_for(2);
  END();
}
