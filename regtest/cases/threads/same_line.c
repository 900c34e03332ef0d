/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flush of a cache line covers the stores of other threads to the line. */
#include "guest.h"

static void* worker(void* number) {
  long at = (long)number * 8;
  PM(uint64_t, at) = 1;
  return NULL;
}

static void* late(void* unused) {
  PM(uint64_t, 32) = 1; /* lost: 8 DIRTY @32 */
  return unused;
}

int main(void) {
  pm_open(4096);
  pm_run_thread(worker, (void*)0);
  pm_run_thread(worker, (void*)3);
  PM(uint64_t, 56) = 1;
  CLWB(PM_BASE);
  SFENCE();
  pm_run_thread(late, NULL);
  END();
}
