/* SPDX-License-Identifier: GPL-2.0-or-later */
/* logs: [0] Mapping base: 0x200000800\tsize: 1024 */
/* A removal that goes beyond the mapping removes the part of the mapping that it covers. */
#include "guest.h"

int main(void) {
  pm_map(8192);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 1024, 3072);
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE, 2048);
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE + 3072, 8192);
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE + 6144, 64);
  VALGRIND_PMC_PRINT_PMEM_MAPPINGS;
  PM(uint64_t, 2040) = 1;
  PM(uint64_t, 2048) = 1; /* lost: 8 DIRTY @2048 */
  PM(uint64_t, 3064) = 1; /* lost: 8 DIRTY @3064 */
  PM(uint64_t, 3072) = 1;
  END();
}
