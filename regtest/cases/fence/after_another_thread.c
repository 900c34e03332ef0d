/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The main thread's fences do not make durable what another thread flushed. */
#include "guest.h"
#include <pthread.h>
#include <sched.h>

static volatile int step;

static void wait_for(int wanted) {
  while (step != wanted) sched_yield();
}

static void* worker(void* unused) {
  PM(uint64_t, 0) = 1; /* lost: 8 FLUSHED @0 */
  CLWB(PM_BASE);
  step = 1;
  wait_for(2);
  return unused;
}

int main(void) {
  pthread_t thread;
  pm_open(4096);
  if (pthread_create(&thread, NULL, worker, NULL) != 0) pm_fail("pthread_create");
  wait_for(1);
  SFENCE();
  VALGRIND_PMC_DO_FENCE;
  END();
}
