/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fence does not make non-temporal stores of another thread durable, flushed or not. */
#include "guest.h"
#include <pthread.h>
#include <sched.h>

#define MOVNTI(offset) __asm__ volatile("movnti %1, %0" : "=m"(PM(uint64_t, offset)) : "r"(1ul))

static volatile int step;

static void* worker(void* unused) {
  while (step != 1) sched_yield();
  CLWB(PM_BASE + 64);
  SFENCE();
  step = 2;
  while (step != 3) sched_yield();
  return unused;
}

int main(void) {
  pthread_t thread;
  pm_open(4096);
  if (pthread_create(&thread, NULL, worker, NULL) != 0) pm_fail("pthread_create");
  MOVNTI(0);  /* lost: 8 FLUSHED @0 */
  MOVNTI(64); /* lost: 8 FLUSHED @64 */
  step = 1;
  while (step != 2) sched_yield();
  END();
}
