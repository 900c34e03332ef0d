/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The largest ranges that a request can name, and ranges at the top of the address space. */
#include "guest.h"

int main(void) {
  const unsigned long most = ~0ul;
  pm_map(4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(0, most);
  if (VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE, 4096) != 1) return 1;
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(0, most);
  if (VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE, 4096) != 0) return 2;
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(most, 1);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(most - 10, most);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 4096);
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE + 4096, most);
  VALGRIND_PMC_SET_CLEAN(0, most);
  VALGRIND_PMC_DO_FLUSH(0, most);
  PM(uint64_t, 64) = 1; /* lost: 8 FLUSHED */
  VALGRIND_PMC_DO_FLUSH(0, most);
  END();
}
