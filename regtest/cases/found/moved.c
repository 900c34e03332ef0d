/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* mremap moves the state of the memory with it, including flushes that wait for a fence. */
#include "guest.h"

#define THERE (PM_BASE + 0x1000000)

int main(void) {
  close(pm_map_file(2 * 4096));
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0x1000000 */
  PM(uint64_t, 64) = 1;
  PM(uint64_t, 4096 + 128) = 1; /* lost: 8 FLUSHED @0x1001080 */
  CLWB(PM_BASE + 64);
  if (mremap(PM_BASE, 8192, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, THERE) != THERE) pm_fail("mremap");
  SFENCE();
  CLWB(THERE + 4096 + 128);
  *(volatile uint32_t*)(THERE + 256) = 1; /* lost: 4 DIRTY @0x1000100 */
  /* New memory at the old address is not persistent. */
  pm_map(8192);
  PM(uint64_t, 0) = 1;
  END();
}
