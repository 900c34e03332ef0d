/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 2 1 1 */
/* logs: [0] Mapping base: 0x200000000\tsize: 2048 */
/* logs: [1] Mapping base: 0x200001000\tsize: 256 */
/* logs: [2] Mapping base: 0x200001101\tsize: 255 */
/* logs: [0] Mapping base: 0x200000000\tsize: 2048 */
/* logs: [1] Mapping base: 0x200001000\tsize: 512 */
/* Ranges that touch or overlap join to one mapping; a gap of one byte keeps them apart. */
#include "guest.h"

#define REGISTER(offset, len) VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + (offset), len)
#define CHECK(offset, len) (int)VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE + (offset), len)

int main(void) {
  pm_map(8192);
  REGISTER(0, 512);
  REGISTER(1024, 512);
  int apart = CHECK(0, 1536);
  REGISTER(512, 512);
  int joined = CHECK(0, 1536);
  REGISTER(1024, 1024);
  REGISTER(256, 64);
  REGISTER(4096, 256);
  REGISTER(4353, 255);
  VALGRIND_PMC_PRINT_PMEM_MAPPINGS;
  REGISTER(4350, 4);
  printf("%d %d %d\n", apart, joined, CHECK(4096, 512));
  VALGRIND_PMC_PRINT_PMEM_MAPPINGS;
  return 0;
}
