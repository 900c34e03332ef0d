/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 8 */
/* A store that faults is not counted. */
#include "guest.h"
#include <setjmp.h>
#include <signal.h>

static sigjmp_buf again;
static volatile int faults;

static void on_fault(int number) {
  (void)number;
  faults++;
  siglongjmp(again, 1);
}

#define FAULTS(statement)                                                                          \
  if (sigsetjmp(again, 1) == 0) statement

#define REP_MOVSB(from, to, count)                                                                 \
  __asm__ volatile("rep movsb" : "+S"(from), "+D"(to), "+c"(count) : : "memory")

int main(void) {
  const char* from = PM_BASE;
  char* to = PM_BASE + 4096 - 5;
  long count = 16;
  pm_open(3 * 4096);
  mprotect(PM_BASE + 4096, 4096, PROT_READ);
  mprotect(PM_BASE + 2 * 4096, 4096, PROT_NONE);
  signal(SIGSEGV, on_fault);
  FAULTS(PM(uint8_t, 4096) = 1);
  FAULTS(PM(uint64_t, 4096 + 64) = 1);
  FAULTS(PM(uint64_t, 2 * 4096 + 64) = 1);
  /* Half of it lies in a page that can be written. */
  FAULTS(PM(uint64_t, 4096 - 4) = 1);
  FAULTS(__asm__ volatile("lock incq %0" : "+m"(PM(uint64_t, 4096 + 128)) : : "memory"));
  FAULTS(__asm__ volatile("fldpi; fstpt %0" : "=m"(PM(uint64_t, 4096 + 192)) : : "memory"));
  FAULTS(__asm__ volatile("movups %%xmm0, %0" : "=m"(PM(uint64_t, 4096 + 256)) : : "memory"));
  /* The steps of a string instruction before the one that faults are counted. */
  FAULTS(REP_MOVSB(from, to, count)); /* lost: 5 DIRTY @4091 */
  printf("%d\n", faults);
  return 0;
}
