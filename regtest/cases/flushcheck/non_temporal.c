/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=yes */
/* The first flush of a non-temporal store is not redundant, the second one is. */
#include "guest.h"

#define MOVNTI(offset) __asm__ volatile("movnti %1, %0" : "=m"(PM(uint64_t, offset)) : "r"(1ul))

int main(void) {
  pm_open(4096);
  MOVNTI(0);
  VALGRIND_PMC_DO_FLUSH(PM_BASE, 8);
  MOVNTI(64); /* redundant: 8 @64 from again */
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 64, 8);
  CLWB(PM_BASE + 64); /* here: again */
  SFENCE();
  END();
}
