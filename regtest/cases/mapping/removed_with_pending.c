/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores that are dirty or pending when their mapping is removed stay in the report. */
#include "guest.h"

int main(void) {
  pm_open(8192);
  PM(uint64_t, 0) = 1;  /* lost: 8 DIRTY @0 */
  PM(uint64_t, 64) = 1; /* lost: 8 FLUSHED @64 */
  CLWB(PM_BASE + 64);
  PM(uint64_t, 4096) = 1; /* lost: 8 DIRTY @4096 */
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE, 4096);
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE + 4096, 4096);
  END();
}
