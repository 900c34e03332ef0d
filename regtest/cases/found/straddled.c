/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* cflags: -mavx2 */
/* Only the persistent part of a store across the edge of a found mapping counts.  A store from a
 * found mapping into a registered one is one store. */
#include "guest.h"

int main(void) {
  close(pm_map_file(4096));
  void* next = mmap(PM_BASE + 4096, 8192, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (next == MAP_FAILED) pm_fail("mmap");
  PM(uint64_t, 4092) = 1;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 4096, 4096);
  PM(uint64_t, 4092) = 1;                                            /* lost: 8 DIRTY @4092 */
  __asm__ volatile("vmovups %%ymm0, %0" : "=m"(PM(char, 8192 - 8))); /* lost: 8 DIRTY @8184 */
  END();
}
