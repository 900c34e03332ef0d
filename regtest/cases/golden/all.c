/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=yes --mult-stores=yes */
/* Every section of the report, in its order. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX_N(6); /* active-tx: tx 6 nesting 1 */
  VALGRIND_PMC_START_TX_N(7);
  VALGRIND_PMC_ADD_TO_TX_N(6, PM_BASE, 64); /* here: FIRST */
  VALGRIND_PMC_ADD_TO_TX_N(7, PM_BASE, 8);  /* overlap: 8 tx 7 first 64 tx 6 @0 from FIRST */
  VALGRIND_PMC_END_TX_N(7);
  PM(uint64_t, 64) = 1; /* outside-tx: 8 @64 */ /* redundant: 8 @64 from AGAIN */
  CLWB(PM_BASE + 64);
  CLWB(PM_BASE + 64); /* here: AGAIN */
  SFENCE();
  CLWB(PM_BASE + 128);                     /* unnecessary: 64 @128 */
  PM(uint64_t, 0) = 1;                     /* overwritten: 8 DIRTY @0 */
  PM(uint64_t, 0) = 2; /* here: LOST */    /* lost: 8 DIRTY @0 */
  VALGRIND_PMC_ASSERT_DURABLE(PM_BASE, 8); /* not-durable: 8 DIRTY @0 from LOST */
  VALGRIND_PMC_ASSERT_DURABLE_BEFORE(PM_BASE, 8, PM_BASE + 8, 8);
  PM(uint64_t, 8) = 1; /* out-of-order: 8 @8 from LOST */ /* lost: 8 DIRTY @8 */
  END();
}
