/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* A removed file is matched by the last path that it had. */
#include "guest.h"

int main(void) {
  int fd = open("pool", O_RDWR | O_CREAT, 0600);
  if (fd < 0 || ftruncate(fd, 4096) != 0 || unlink("pool") != 0) pm_fail("pool");
  if (mmap(PM_BASE, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) != PM_BASE)
    pm_fail("mmap");
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  END();
}
