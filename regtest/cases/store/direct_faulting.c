/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -mmovdiri -mmovdir64b */
/* stdout: misaligned */
/* stdout: unreadable */
/* stdout: unwritable */
/* A direct store that faults stores nothing, and the program gets the signal. */
#include "guest.h"
#include <setjmp.h>
#include <signal.h>

static sigjmp_buf back;

static void on_fault(int number) {
  (void)number;
  siglongjmp(back, 1);
}

#define FAULTS(word, to, from)                                                                     \
  if (sigsetjmp(back, 1) == 0)                                                                     \
    __asm__ volatile("movdir64b %0, %1" : : "m"(*(const char(*)[64])(from)), "r"(to) : "memory");  \
  else                                                                                             \
    puts(word)

int main(void) {
  pm_open(8192);
  signal(SIGSEGV, on_fault);
  mprotect(PM_BASE + 4096, 4096, PROT_NONE);
  FAULTS("misaligned", PM_BASE + 8, PM_BASE + 1024);
  FAULTS("unreadable", PM_BASE, PM_BASE + 4096 - 32);
  FAULTS("unwritable", PM_BASE + 4096, PM_BASE);
  return 0;
}
