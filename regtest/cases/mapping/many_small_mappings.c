/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mappings of a few bytes, many of them in one cache line and in one page. */
#include "guest.h"

int main(void) {
  pm_map(8192);
  for (int i = 0; i < 8192; i += 16) VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + i, 8);
  for (int i = 0; i < 8192; i++) PM(uint8_t, i) = 1; /* lost: 8 DIRTY x512 */
  END();
}
