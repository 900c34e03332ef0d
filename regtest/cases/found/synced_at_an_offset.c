/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* sync_file_range makes its range of the file durable in both mappings of the file, one of which
 * begins in the middle of it. */
#include "guest.h"

int main(void) {
  int fd = pm_map_file(4 * 4096);
  char* again = PM_BASE + 0x100000;
  if (mmap(again, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 8192) != again)
    pm_fail("mmap");
  PM(uint64_t, 8192) = 1;
  PM(uint64_t, 12288) = 1; /* lost: 8 DIRTY @12288 */
  *(volatile uint64_t*)(again + 8) = 1;
  *(volatile uint64_t*)(again + 4096) = 1; /* lost: 8 DIRTY @0x101000 */
  if (sync_file_range(fd, 8192, 4096, 7) != 0) pm_fail("sync_file_range");
  END();
}
