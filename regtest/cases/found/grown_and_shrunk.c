/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* mremap of a found mapping: the memory added is persistent, the memory cut off no longer is. */
#include "guest.h"

int main(void) {
  int fd = pm_map_file(4096);
  if (ftruncate(fd, 4 * 4096) != 0) pm_fail("ftruncate");
  if (mremap(PM_BASE, 4096, 4 * 4096, 0) != PM_BASE) pm_fail("mremap");
  PM(uint64_t, 4096) = 1;     /* lost: 8 DIRTY @4096 */
  PM(uint64_t, 2 * 4096) = 1; /* lost: 8 DIRTY @8192 from shrunk */
  PM(uint64_t, 3 * 4096) = 1;
  /* The memory added continues the offsets in the file. */
  if (sync_file_range(fd, 3 * 4096, 8, 7) != 0) pm_fail("sync_file_range");
  if (mremap(PM_BASE, 4 * 4096, 2 * 4096, 0) != PM_BASE) pm_fail("mremap"); /* here: shrunk */
  END();
}
