/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* A sync call that does not wait, fails, or names another file makes nothing durable. */
#include "guest.h"

int main(void) {
  int other = open("other", O_RDWR | O_CREAT, 0600);
  int fd = pm_map_file(4096);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  if (msync(PM_BASE, 4096, MS_ASYNC) != 0) pm_fail("msync");
  if (msync(PM_BASE + 8, 8, MS_SYNC) == 0) pm_fail("msync of no page");
  if (sync_file_range(fd, 0, 4096, SYNC_FILE_RANGE_WRITE) != 0) pm_fail("sync_file_range");
  if (fsync(other) != 0 || fsync(1000) == 0) pm_fail("fsync");
  END();
}
