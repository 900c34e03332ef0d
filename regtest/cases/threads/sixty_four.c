/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 64 threads at one time, each with a durable store and one that is never flushed. */
#include "guest.h"
#include <pthread.h>

#define THREADS 64

static void* worker(void* number) {
  long at = (long)number * 256;
  PM(uint64_t, at) = 1;
  CLWB(PM_BASE + at);
  SFENCE();
  PM(uint64_t, at + 128) = 1; /* lost: 8 DIRTY x64 */
  return NULL;
}

int main(void) {
  pthread_t thread[THREADS];
  pm_open(THREADS * 256);
  for (long i = 0; i < THREADS; i++)
    if (pthread_create(&thread[i], NULL, worker, (void*)i) != 0) pm_fail("pthread_create");
  for (int i = 0; i < THREADS; i++) pthread_join(thread[i], NULL);
  END();
}
