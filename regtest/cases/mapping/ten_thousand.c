/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ten thousand mappings, each megabytes away from the next. */
#include "guest.h"

#define APART ((size_t)4 << 20)
#define COUNT 10000

int main(void) {
  pm_map(COUNT * APART);
  for (size_t i = 0; i < COUNT; i++) VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + i * APART, 4096);
  for (size_t i = 0; i < COUNT; i++) {
    PM(uint64_t, i * APART + 4096) = 1; /* just beyond the mapping */
    PM(uint64_t, i * APART + 4088) = 1; /* lost: 8 DIRTY x5000 */
    if (i % 2) CLWB(PM_BASE + i * APART + 4088);
  }
  SFENCE();
  END();
}
