/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --error-summary=no */
/* stats: 1 */
/* --error-summary=no leaves out the last line of each report, and only that line. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* lost in 1: 8 DIRTY @0 */ /* lost: 8 DIRTY @0 */
  VALGRIND_PMC_WRITE_STATS;
  END();
}
