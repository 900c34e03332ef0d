/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LFENCE makes nothing durable, because it orders loads only. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* lost: 8 FLUSHED @0 */
  CLWB(PM_BASE);
  LFENCE();
  END();
}
