/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* For memory that the program registered its own word counts, found or not: a sync of whole pages
 * would hide what it forgot. */
#include "guest.h"

int main(void) {
  int fd = pm_map_file(2 * 4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 4096);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  PM(uint64_t, 4096) = 1;
  if (msync(PM_BASE, 8192, MS_SYNC) != 0 || fsync(fd) != 0) pm_fail("msync");
  END();
}
