/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 0 0 */
/* REGISTER_PMEM_FILE registers no range. */
#include "guest.h"

int main(void) {
  pm_map(4096);
  int answer = (int)VALGRIND_PMC_REGISTER_PMEM_FILE(0, PM_BASE, 4096, 0);
  printf("%d %d\n", answer, (int)VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE, 4096));
  PM(uint64_t, 0) = 1;
  return 0;
}
