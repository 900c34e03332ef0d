/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* A store that is not durable when it is unmapped is reported with the stack of the munmap. */
#include "guest.h"

int main(void) {
  pm_map_file(5 * 4096);
  PM(uint64_t, 0) = 1;             /* lost: 8 DIRTY @0 from whole */
  PM(uint64_t, 4096) = 1;          /* lost: 8 FLUSHED @4096 from part */
  PM(uint64_t, 2 * 4096) = 1;      /* lost: 8 DIRTY @8192 from whole */
  PM(uint64_t, 3 * 4096 - 4) = 1;  /* lost: 4 DIRTY @12284 from whole, 4 DIRTY @12288 */
  PM(uint64_t, 3 * 4096 + 64) = 1; /* lost: 8 DIRTY @12352 */
  CLWB(PM_BASE + 4096);
  munmap(PM_BASE + 4096, 4096); /* here: part */
  SFENCE();
  munmap(PM_BASE, 3 * 4096); /* here: whole */
  END();
}
