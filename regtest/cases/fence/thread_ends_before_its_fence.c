/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a thread flushed and did not fence stays pending when the thread ends.  A fence by a later
 * thread, which may have the same thread id, does not make it durable. */
#include "guest.h"
#include <sys/syscall.h>

static void* flushes(void* unused) {
  PM(uint64_t, 0) = 1; /* lost: 8 FLUSHED @0 */
  CLWB(PM_BASE);
  syscall(SYS_exit, 0); /* pthread_exit takes locks, which are fences */
  return unused;
}

static void* fences(void* unused) {
  SFENCE();
  return unused;
}

int main(void) {
  pm_open(4096);
  pm_run_thread(flushes, NULL);
  pm_run_thread(fences, NULL);
  END();
}
