/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A range may be registered before memory is mapped there. */
#include "guest.h"

int main(void) {
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 8192);
  void* at =
      mmap(PM_BASE, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (at != PM_BASE) pm_fail("mmap");
  PM(uint64_t, 4096) = 1; /* lost: 8 DIRTY @4096 */
  END();
}
