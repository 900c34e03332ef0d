/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --expect-fence-after-clflush=yes */
/* With --expect-fence-after-clflush=yes, CLFLUSH needs a fence as CLFLUSHOPT does. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  CLFLUSH(PM_BASE);
  SFENCE();
  PM(uint64_t, 64) = 2; /* lost: 8 FLUSHED @64 */
  CLFLUSH(PM_BASE + 64);
  END();
}
