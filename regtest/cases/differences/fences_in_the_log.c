/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --log-stores=yes */
/* A locked instruction is a fence, and has a FENCE record in the log. */
#include "guest.h"

int main(void) {
  uint64_t counter = 0;
  pm_open(4096);
  VALGRIND_PMC_EMIT_LOG("begin");
  PM(uint64_t, 0) = 1;
  CLWB(PM_BASE);
  __asm__ volatile("lock incq %0" : "+m"(counter) : : "memory");
  VALGRIND_PMC_EMIT_LOG("end");
  END();
}
