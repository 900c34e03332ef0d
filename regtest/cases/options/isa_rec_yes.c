/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --isa-rec=yes --flush-align=no */
/* --isa-rec=yes and --flush-align=no are the defaults. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  CLWB(PM_BASE);
  SFENCE();
  PM(uint64_t, 64) = 1; /* lost: 4 DIRTY @68 */
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 64, 4);
  VALGRIND_PMC_DO_FENCE;
  END();
}
