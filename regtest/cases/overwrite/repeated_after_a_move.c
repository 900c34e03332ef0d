/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --mult-stores=yes --indiff=100 */
/* A store that repeats one made before the memory moved is still a repeated store. */
#include "guest.h"

#define THERE (PM_BASE + 0x100000)
#define AT(offset) (*(volatile uint64_t*)(THERE + (offset)))

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 64) = 1; /* overwritten: 8 DIRTY @0x100040 */
  if (mremap(PM_BASE, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, THERE) != THERE) pm_fail("mremap");
  AT(0) = 1;
  AT(64) = 2;
  VALGRIND_PMC_SET_CLEAN(THERE, 4096);
  END();
}
