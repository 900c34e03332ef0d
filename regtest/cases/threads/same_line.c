/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flush of a cache line covers the stores of other threads to the line. */
#include "guest.h"
#include <pthread.h>

static void* worker(void* number) {
  long at = (long)number * 8;
  PM(uint64_t, at) = 1;
  return NULL;
}

static void* late(void* unused) {
  PM(uint64_t, 32) = 1; /* lost: 8 DIRTY @32 */
  return unused;
}

static void run(void* (*function)(void*), long argument) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, function, (void*)argument) != 0) pm_fail("pthread_create");
  pthread_join(thread, NULL);
}

int main(void) {
  pm_open(4096);
  run(worker, 0);
  run(worker, 3);
  PM(uint64_t, 56) = 1;
  CLWB(PM_BASE);
  SFENCE();
  run(late, 0);
  END();
}
