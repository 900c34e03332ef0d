/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flush of memory that is not there raises SIGSEGV at the operand's address. */
#include "guest.h"
#include <setjmp.h>
#include <signal.h>

static sigjmp_buf again;
static char* volatile fault;

static void on_fault(int number, siginfo_t* info, void* context) {
  (void)number, (void)context;
  fault = info->si_addr;
  siglongjmp(again, 1);
}

#define FAULTS(instruction, address)                                                               \
  do {                                                                                             \
    fault = NULL;                                                                                  \
    if (sigsetjmp(again, 1) == 0) instruction(address);                                            \
    if (fault != (address)) printf("%s: fault at %p\n", #instruction, (void*)fault);               \
  } while (0)

int main(void) {
  pm_open(3 * 4096);
  munmap(PM_BASE + 4096, 4096);
  mprotect(PM_BASE + 2 * 4096, 4096, PROT_NONE);
  struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
  sigaction(SIGSEGV, &action, NULL);
  FAULTS(CLWB, PM_BASE + 4096);
  FAULTS(CLWB, PM_BASE + 4096 + 1000);
  FAULTS(CLFLUSHOPT, PM_BASE + 4096 + 8);
  FAULTS(CLFLUSH, PM_BASE + 4096 + 63);
  FAULTS(CLWB, PM_BASE + 2 * 4096);
  FAULTS(CLFLUSHOPT, PM_BASE + 2 * 4096);
  FAULTS(CLFLUSH, PM_BASE + 2 * 4096);
  return 0;
}
