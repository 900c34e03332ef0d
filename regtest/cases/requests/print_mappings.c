/* SPDX-License-Identifier: GPL-2.0-or-later */
/* logs: [0] Mapping base: 0x200000000\tsize: 64 */
/* logs: [1] Mapping base: 0x200000080\tsize: 1 */
/* logs: [2] Mapping base: 0x200abc000\tsize: 4096 */
/* Mappings are printed in the order of their addresses, with lower-case hexadecimal bases. */
#include "guest.h"

int main(void) {
  VALGRIND_PMC_PRINT_PMEM_MAPPINGS;
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 0xabc000, 4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 64);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 128, 1);
  VALGRIND_PMC_PRINT_PMEM_MAPPINGS;
  return 0;
}
