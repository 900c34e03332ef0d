/* SPDX-License-Identifier: GPL-2.0-or-later */
/* If a system call stores less than its buffer, or nothing, only the bytes stored count. */
#define _GNU_SOURCE
#include "guest.h"
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>

int main(void) {
  pm_open(8192);
  /* FUTEX_WAKE does not store to the futex. */
  PM(uint32_t, 0) = 1;
  CLWB(PM_BASE);
  SFENCE();
  syscall(SYS_futex, PM_BASE, FUTEX_WAKE, 1, NULL, NULL, 0);
  /* FUTEX_LOCK_PI of a free lock stores its owner. */
  /* lost: 4 DIRTY @128 via futex */
  syscall(SYS_futex, PM_BASE + 128, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
  /* wait4 stores the status only if the child has ended. */
  pid_t child = fork();
  if (child == 0) {
    sleep(20);
    _exit(0);
  }
  if (syscall(SYS_wait4, child, PM_BASE + 64, WNOHANG, NULL) != 0) pm_fail("wait4");
  syscall(SYS_kill, child, SIGKILL);
  /* lost: 4 DIRTY @64 via wait4 */
  if (syscall(SYS_wait4, child, PM_BASE + 64, 0, NULL) != child) pm_fail("wait4");
  /* getrandom stores only up to the unmapped part of its buffer. */
  munmap(PM_BASE + 4096, 4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 4096, 4096);
  /* lost: 128 DIRTY @3968 via getrandom */
  if (getrandom(PM_BASE + 4096 - 128, 1024, 0) != 128) pm_fail("getrandom");
  END();
}
