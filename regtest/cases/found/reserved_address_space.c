/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]data */
/* A file mapped into a range that was reserved and registered is registered memory.  Any other
 * mapping there ends the registration. */
#include "guest.h"

#define FIXED(flags, fd)                                                                           \
  mmap(PM_BASE + 4096, 4096, PROT_READ | PROT_WRITE, (flags) | MAP_FIXED, fd, 0)

int main(void) {
  int fd = open("data", O_RDWR | O_CREAT, 0600);
  if (fd < 0 || ftruncate(fd, 4096) != 0) pm_fail("data");
  pm_open(3 * 4096);
  if (FIXED(MAP_SHARED, fd) == MAP_FAILED) pm_fail("mmap");
  PM(uint64_t, 4096) = 1; /* lost: 8 DIRTY @4096 from released */
  /* msync makes nothing durable: the mapping is registered, although its file would be found. */
  if (msync(PM_BASE + 4096, 4096, MS_SYNC) != 0) pm_fail("msync");
  if (VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE, 3 * 4096) != 1) _exit(1);
  if (FIXED(MAP_PRIVATE | MAP_ANONYMOUS, -1) == MAP_FAILED) pm_fail("mmap"); /* here: released */
  PM(uint64_t, 4096) = 1;
  if (VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(PM_BASE, 3 * 4096) != 2) _exit(2);
  END();
}
