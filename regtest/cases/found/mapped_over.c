/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* MAP_FIXED removes the mapping below it, whatever the new mapping is. */
#include "guest.h"

#define FIXED(flags, fd)                                                                           \
  mmap(PM_BASE + 4096, 4096, PROT_READ | PROT_WRITE, (flags) | MAP_FIXED, fd, 0)

int main(void) {
  int fd = pm_map_file(3 * 4096);
  PM(uint64_t, 4096) = 1; /* lost: 8 DIRTY @4096 from first */
  PM(uint64_t, 8192) = 1; /* lost: 8 DIRTY @8192 */
  if (FIXED(MAP_PRIVATE | MAP_ANONYMOUS, -1) == MAP_FAILED) pm_fail("mmap"); /* here: first */
  PM(uint64_t, 4096) = 1;
  if (FIXED(MAP_SHARED, fd) == MAP_FAILED) pm_fail("mmap");
  PM(uint64_t, 4104) = 1;                                   /* lost: 8 DIRTY @4104 from third */
  if (FIXED(MAP_SHARED, fd) == MAP_FAILED) pm_fail("mmap"); /* here: third */
  PM(uint64_t, 4112) = 1;                                   /* lost: 8 DIRTY @4112 */
  END();
}
