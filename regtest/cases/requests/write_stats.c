/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats: 3 */
/* WRITE_STATS reports what is outstanding at that time, the report at exit what is then. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_WRITE_STATS;
  PM(uint64_t, 0) = 1; /* lost in 2: 8 DIRTY @0 */ /* lost in 3: 8 FLUSHED @0 */
  VALGRIND_PMC_WRITE_STATS;
  CLWB(PM_BASE);
  PM(uint64_t, 64) = 1; /* lost in 3: 8 DIRTY @64 */ /* lost: 8 DIRTY @64 */
  VALGRIND_PMC_WRITE_STATS;
  SFENCE();
  END();
}
