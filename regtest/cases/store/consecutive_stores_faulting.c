/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 1 */
/* If one of several consecutive stores faults, the stores before it are counted. */
#include "guest.h"
#include <signal.h>

static volatile int faults;

static void make_writable(int number) {
  (void)number;
  faults++;
  mprotect(PM_BASE + 4096, 4096, PROT_READ | PROT_WRITE);
}

static void store_four(char* edge) {
  /* lost: 8 DIRTY @3968, 8 DIRTY @4032, 8 DIRTY @4096, 8 DIRTY @4160 */
  __asm__ volatile("movq $1, -128(%0)\n movq $2, -64(%0)\n movq $3, (%0)\n movq $4, 64(%0)"
                   :
                   : "r"(edge)
                   : "memory");
}

/* Called through a pointer, the function is translated once, by itself. */
static void (*volatile store)(char*) = store_four;

int main(void) {
  char volatile_memory[512];
  pm_open(2 * 4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 2 * 4096);
  store(volatile_memory + 256); /* translated before the handler is installed */
  signal(SIGSEGV, make_writable);
  mprotect(PM_BASE + 4096, 4096, PROT_READ);
  store(PM_BASE + 4096);
  printf("%d\n", faults);
  return 0;
}
