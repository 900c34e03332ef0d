/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mremap that grows over registered memory removes all the mappings that it covers. */
#include "guest.h"

int main(void) {
  pm_open(3 * 4096);
  char* other = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (other == MAP_FAILED) pm_fail("mmap");
  PM(uint64_t, 0) = 1;    /* lost: 8 DIRTY @0 from over */
  PM(uint64_t, 4096) = 1; /* lost: 8 DIRTY @4096 from over */
  PM(uint64_t, 8192) = 1; /* lost: 8 DIRTY @8192 from over */
  /* here: over */ mremap(other, 4096, 3 * 4096, MREMAP_MAYMOVE | MREMAP_FIXED, PM_BASE);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 8192) = 1;
  if (VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE, 3 * 4096) != 0) _exit(1);
  END();
}
