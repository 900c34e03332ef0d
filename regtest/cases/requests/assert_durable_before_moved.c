/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asserted of memory moves with it, for the range that comes first and for the second. */
#include "guest.h"

#define SECOND (PM_BASE + 0x100000)
#define THERE (PM_BASE + 0x200000)
#define AT(base) (*(volatile uint64_t*)(base))

static void map(char* at) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  if (mmap(at, 4096, PROT_READ | PROT_WRITE, flags, -1, 0) != at) pm_fail("mmap");
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(at, 4096);
}

static void move(char* from, char* to) {
  if (mremap(from, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to) pm_fail("mremap");
}

int main(void) {
  map(PM_BASE);
  map(SECOND);
  AT(PM_BASE) = 1;
  VALGRIND_PMC_ASSERT_DURABLE_BEFORE(PM_BASE, 8, SECOND, 8);
  move(SECOND, THERE);
  AT(THERE) = 1; /* out-of-order: 8 @0x200000 */

  VALGRIND_PMC_ASSERT_DURABLE_BEFORE(PM_BASE, 8, THERE, 8);
  move(PM_BASE, SECOND);
  AT(THERE) = 2; /* out-of-order: 8 @0x200000 */

  VALGRIND_PMC_ASSERT_DURABLE_BEFORE(SECOND, 8, THERE, 8);
  CLWB(SECOND);
  SFENCE();
  AT(THERE) = 3; /* SECOND is durable */
  VALGRIND_PMC_SET_CLEAN(THERE, 4096);
  END();
}
