/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=no */
/* With --flush-check=no, redundant and unnecessary flushes are no findings. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  CLWB(PM_BASE);
  CLWB(PM_BASE);
  CLWB(PM_BASE + 64);
  VALGRIND_PMC_DO_FLUSH(PM_BASE, 4096);
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 128, 64);
  SFENCE();
  CLWB(PM_BASE);
  END();
}
