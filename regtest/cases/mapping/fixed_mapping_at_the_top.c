/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An mmap that fails at the top of the address space, over memory that is registered there. */
#include "guest.h"

#include <sys/mman.h>

int main(void) {
  const unsigned long top = ~0ul - 4095;
  pm_open(4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(top, 4096);
  if (mmap((void*)top, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
      MAP_FAILED)
    return 1;
  if (VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(top, 4095) != 1) return 2;
  PM(uint64_t, 64) = 1; /* lost: 8 DIRTY */
  END();
}
