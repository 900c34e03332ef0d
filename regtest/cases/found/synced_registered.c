/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* msync and fsync make no registered memory durable, because a sync of whole pages would hide
 * stores that the program forgot to persist. */
#include "guest.h"

int main(void) {
  int fd = pm_map_file(2 * 4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 4096);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  PM(uint64_t, 4096) = 1;
  if (msync(PM_BASE, 8192, MS_SYNC) != 0 || fsync(fd) != 0) pm_fail("msync");
  END();
}
