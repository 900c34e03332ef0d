/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -mavx2 */
/* Only the persistent part of a store across the edge of a mapping counts. */
#include "guest.h"

#define STORE32(offset) __asm__ volatile("vmovups %%ymm0, %0" : "=m"(PM(uint64_t, offset)))

int main(void) {
  pm_map(3 * 4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 64, 64);
  PM(uint64_t, 60) = 1;  /* lost: 4 DIRTY @64 */
  PM(uint64_t, 125) = 1; /* lost: 3 DIRTY @125 */
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 263, 90);
  STORE32(256); /* lost: 25 DIRTY @263 */
  STORE32(350); /* lost: 3 DIRTY @350 */
  PM(uint64_t, 255) = 1;
  PM(uint64_t, 353) = 1;
  /* A store that contains a whole mapping, and one that contains a gap between two. */
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 520, 3);
  STORE32(512); /* lost: 3 DIRTY @520 */
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 640, 8);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 656, 64);
  STORE32(636); /* lost: 8 DIRTY @640, 12 DIRTY @656 */
  /* Stores across the edge of a page. */
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 4096, 4096);
  PM(uint64_t, 4092) = 1; /* lost: 4 DIRTY @4096 */
  PM(uint64_t, 8190) = 1; /* lost: 2 DIRTY @8190 */
  END();
}
