/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* msync, fsync, fdatasync, sync_file_range, syncfs and sync make durable the part of a found
 * mapping that each of them covers. */
#include "guest.h"

static void store_to_each_page(void) {
  for (int i = 0; i < 4; i++) PM(uint64_t, 4096 * i + 8) = 1; /* lost: 8 DIRTY @8, 8 DIRTY @8200 */
}

int main(void) {
  int fd = pm_map_file(4 * 4096);
  store_to_each_page();
  if (fsync(fd) != 0) pm_fail("fsync");
  store_to_each_page();
  if (fdatasync(fd) != 0) pm_fail("fdatasync");
  store_to_each_page();
  if (syncfs(fd) != 0) pm_fail("syncfs");
  store_to_each_page();
  sync();
  store_to_each_page();
  if (sync_file_range(fd, 0, 0, 7) != 0) pm_fail("sync_file_range");
  store_to_each_page();
  if (msync(PM_BASE + 4096, 100, MS_SYNC) != 0) pm_fail("msync");
  if (sync_file_range(fd, 3 * 4096, 4096, 7) != 0) pm_fail("sync_file_range");
  END();
}
