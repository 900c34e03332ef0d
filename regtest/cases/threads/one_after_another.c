/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 600 threads, one after another: more than Valgrind allows at one time. */
#include "guest.h"

static void* worker(void* number) {
  long at = (long)number * 64;
  PM(uint64_t, at) = 1;
  CLWB(PM_BASE + at);
  SFENCE();
  if (at % 640 == 0) PM(uint64_t, at) = 2; /* lost: 8 DIRTY x60 */
  return NULL;
}

int main(void) {
  pm_open(64 * 600);
  for (long i = 0; i < 600; i++) pm_run_thread(worker, (void*)i);
  END();
}
