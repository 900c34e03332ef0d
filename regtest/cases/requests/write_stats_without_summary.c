/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --print-summary=no */
/* stats: 1 */
/* WRITE_STATS prints its report even with --print-summary=no. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* lost in 1: 8 DIRTY @0 */
  VALGRIND_PMC_WRITE_STATS;
  END();
}
