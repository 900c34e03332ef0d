/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mapping: registered */
/* Only the persistent part of what the kernel writes across the edge of a mapping counts. */
#include "guest.h"

int main(void) {
  int zero = open("/dev/zero", O_RDONLY);
  pm_map(16384);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 4096, 4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 12000, 100);
  /* lost: 104 DIRTY @4096 via read */
  if (read(zero, PM_BASE + 4000, 200) != 200) pm_fail("read");
  /* lost: 192 DIRTY @8000 via read, 96 DIRTY @12000 via read */
  if (read(zero, PM_BASE + 8000, 4096) != 4096) pm_fail("read");
  END();
}
