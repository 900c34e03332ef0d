/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool* --pmem-file=*[/]pool2=eadr */
/* The domain given with --pmem-file holds for all mappings of the file, found or registered. */
#include "guest.h"

int main(void) {
  close(pm_map_file(4096));
  int fd = open("pool2", O_RDWR | O_CREAT, 0600);
  if (fd < 0 || ftruncate(fd, 8192) != 0) pm_fail("pool2");
  void* at = mmap(PM_BASE + 4096, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
  if (at == MAP_FAILED) pm_fail("mmap");
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 8192, 4096);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  PM(uint64_t, 4096) = 1;
  PM(uint64_t, 8192) = 1;
  PM(uint64_t, 4092) = 1; /* lost: 4 DIRTY @4092 */
  END();
}
