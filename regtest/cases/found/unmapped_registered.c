/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registered memory is no longer persistent after munmap.  Stores to a range that was removed by
 * request before are reported without the stack of the munmap. */
#include "guest.h"

int main(void) {
  pm_open(2 * 4096);
  PM(uint64_t, 0) = 1;    /* lost: 8 DIRTY @0 from gone */
  PM(uint64_t, 4096) = 1; /* lost: 8 DIRTY @4096 */
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE + 4096, 4096);
  munmap(PM_BASE, 2 * 4096); /* here: gone */
  pm_map(2 * 4096);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 4096) = 1;
  if (VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE, 4096) != 0) _exit(1);
  END();
}
