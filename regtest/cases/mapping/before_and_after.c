/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store counts only if its bytes are persistent when it is made. */
#include "guest.h"

int main(void) {
  pm_map(4096);
  PM(uint64_t, 0) = 1;
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 4096);
  PM(uint64_t, 64) = 1; /* lost: 8 DIRTY @64 */
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE, 4096);
  PM(uint64_t, 128) = 1;
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 4096);
  PM(uint64_t, 192) = 1; /* lost: 8 DIRTY @192 */
  END();
}
