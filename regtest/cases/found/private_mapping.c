/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* A private mapping of the file and a mapping of another file are not persistent. */
#include "guest.h"

static void map_at(size_t offset, int flags, int fd) {
  void* at = mmap(PM_BASE + offset, 4096, PROT_READ | PROT_WRITE, flags, fd, 0);
  if (at != PM_BASE + offset) pm_fail("mmap");
}

int main(void) {
  close(pm_map_file(4096));
  int pool = open("pool", O_RDWR);
  int other = open("pool2", O_RDWR | O_CREAT, 0600);
  if (pool < 0 || other < 0 || ftruncate(other, 4096) != 0) pm_fail("open");
  map_at(4096, MAP_PRIVATE | MAP_FIXED, pool);
  map_at(8192, MAP_SHARED | MAP_FIXED, other);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  PM(uint64_t, 4096) = 1;
  PM(uint64_t, 8192) = 1;
  END();
}
