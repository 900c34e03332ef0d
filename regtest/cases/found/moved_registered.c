/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mremap of registered memory: it stays registered, but the memory added is not. */
#include "guest.h"

#define THERE (PM_BASE + 0x1000000)

int main(void) {
  pm_open(4096);
  PM(uint64_t, 8) = 1; /* lost: 8 DIRTY @0x1000008 */
  if (mremap(PM_BASE, 4096, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, THERE) != THERE) pm_fail("mremap");
  *(volatile uint32_t*)(THERE + 256) = 1; /* lost: 4 DIRTY @0x1000100 */
  *(volatile uint32_t*)(THERE + 4096) = 1;
  if (VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(THERE, 8192) != 2) _exit(1);
  if (VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE, 4096) != 0) _exit(2);
  END();
}
