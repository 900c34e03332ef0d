/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: inside 1 1 1 1 */
/* stdout: outside 0 0 0 */
/* stdout: partly 2 2 2 2 2 */
/* CHECK_IS_PMEM_MAPPING yields 0 for no byte, 1 for all in one mapping, 2 for some. */
#include "guest.h"

#define CHECK(offset, len) (int)VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE + (offset), len)

int main(void) {
  pm_map(8192);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 1024, 1024);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 4096, 1024);
  printf("inside %d %d %d %d\n", CHECK(1024, 1024), CHECK(1024, 1), CHECK(2047, 1),
         CHECK(1500, 20));
  printf("outside %d %d %d\n", CHECK(0, 1024), CHECK(2048, 2048), CHECK(1023, 1));
  printf("partly %d %d %d %d %d\n", CHECK(1023, 2), CHECK(2047, 2), CHECK(0, 8192),
         CHECK(1024, 1025), CHECK(2000, 2100));
  return 0;
}
