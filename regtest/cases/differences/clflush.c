/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CLFLUSH makes its own line durable and is no fence for other lines; a million take no time. */
#include "guest.h"

int main(void) {
  pm_open(64 << 20);
  PM(uint64_t, 0) = 1; /* lost: 8 FLUSHED @0 */
  CLWB(PM_BASE);
  for (long at = 64; at < 64 << 20; at += 64) {
    PM(uint64_t, at) = 1;
    CLFLUSH(PM_BASE + at);
  }
  END();
}
