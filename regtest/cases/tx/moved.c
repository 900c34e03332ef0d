/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a transaction holds, and what is ignored, moves with the memory; what is unmapped is held no
 * longer. */
#include "guest.h"

#define THERE (PM_BASE + 0x100000)
#define AT(offset) (*(volatile uint64_t*)(THERE + (offset)))

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_ADD_TO_GLOBAL_TX_IGNORE(PM_BASE + 256, 8);
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 8);
  if (mremap(PM_BASE, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, THERE) != THERE) pm_fail("mremap");
  AT(0) = 1;
  AT(256) = 1;
  AT(128) = 1; /* outside-tx: 8 @0x100080 */
  VALGRIND_PMC_START_TX_N(5);
  VALGRIND_PMC_ADD_TO_TX_N(5, THERE, 16); /* overlap: 16 tx 5 first 8 tx own @0x100000 */
  VALGRIND_PMC_END_TX_N(5);
  VALGRIND_PMC_SET_CLEAN(THERE, 4096);

  if (munmap(THERE, 4096) != 0) pm_fail("munmap");
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* outside-tx: 8 @0 */
  if (mremap(PM_BASE, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, THERE) != THERE) pm_fail("mremap");
  AT(0) = 2; /* outside-tx: 8 @0x100000 */
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_SET_CLEAN(THERE, 4096);
  END();
}
