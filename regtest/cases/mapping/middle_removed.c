/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 1 0 1 2 2 0 */
/* logs: [0] Mapping base: 0x200000000\tsize: 1024 */
/* logs: [1] Mapping base: 0x200000440\tsize: 3008 */
/* Removing the middle of a mapping leaves its two ends. */
#include "guest.h"

#define CHECK(offset, len) (int)VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE + (offset), len)

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE + 1024, 64);
  PM(uint64_t, 1016) = 1; /* lost: 8 DIRTY @1016 */
  PM(uint64_t, 1024) = 1;
  PM(uint64_t, 1080) = 1;
  PM(uint64_t, 1088) = 1; /* lost: 8 DIRTY @1088 */
  printf("%d %d %d %d %d %d\n", CHECK(0, 1024), CHECK(1024, 64), CHECK(1088, 3008), CHECK(0, 4096),
         CHECK(1023, 2), CHECK(4096, 64));
  VALGRIND_PMC_PRINT_PMEM_MAPPINGS;
  return 0;
}
