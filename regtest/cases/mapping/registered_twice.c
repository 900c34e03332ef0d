/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 1 0 */
/* Registrations are not counted: one removal ends two of them. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 4096);
  int before = (int)VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE, 4096);
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE, 4096);
  printf("%d %d\n", before, (int)VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE, 4096));
  PM(uint64_t, 0) = 1;
  return 0;
}
