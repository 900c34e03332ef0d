/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --fence-scope=process */
/* With --fence-scope=process, a fence completes the flushes of every thread. */
#include "guest.h"
#include <pthread.h>
#include <sched.h>

static volatile int step;

static void* worker(void* unused) {
  while (step != 1) sched_yield();
  SFENCE();
  PM(uint64_t, 128) = 1;
  CLWB(PM_BASE + 128);
  step = 2;
  while (step != 3) sched_yield();
  return unused;
}

int main(void) {
  pthread_t thread;
  pm_open(4096);
  if (pthread_create(&thread, NULL, worker, NULL) != 0) pm_fail("pthread_create");
  PM(uint64_t, 0) = 1;
  CLWB(PM_BASE);
  __asm__ volatile("movnti %1, %0" : "=m"(PM(uint64_t, 64)) : "r"(1ul));
  step = 1;
  while (step != 2) sched_yield();
  MFENCE();
  PM(uint64_t, 192) = 1; /* lost: 8 FLUSHED @192 */
  CLWB(PM_BASE + 192);
  END();
}
