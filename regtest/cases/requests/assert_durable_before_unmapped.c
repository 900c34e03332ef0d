/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asserted of memory ends when that memory is unmapped: another mapping that comes to lie
 * at either address breaks no assertion. */
#include "guest.h"

#define SECOND (PM_BASE + 0x100000)
#define AT(base) (*(volatile uint64_t*)(base))

static void map(char* at) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  if (mmap(at, 4096, PROT_READ | PROT_WRITE, flags, -1, 0) != at) pm_fail("mmap");
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(at, 4096);
}

static void map_anew(char* at) {
  if (munmap(at, 4096) != 0) pm_fail("munmap");
  map(at);
}

int main(void) {
  map(PM_BASE);
  map(SECOND);
  AT(PM_BASE) = 1;
  VALGRIND_PMC_ASSERT_DURABLE_BEFORE(PM_BASE, 8, SECOND, 8);
  map_anew(SECOND);
  AT(SECOND) = 1;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);

  VALGRIND_PMC_ASSERT_DURABLE_BEFORE(PM_BASE, 8, SECOND, 8);
  map_anew(PM_BASE);
  AT(PM_BASE) = 2;
  AT(SECOND) = 2;

  /* Assertions about what is mapped now hold. */
  VALGRIND_PMC_ASSERT_DURABLE_BEFORE(PM_BASE, 8, SECOND, 8);
  AT(SECOND) = 3; /* out-of-order: 8 @0x100000 */
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  VALGRIND_PMC_SET_CLEAN(SECOND, 4096);
  END();
}
