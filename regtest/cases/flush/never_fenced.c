/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flush makes nothing durable until a fence follows. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* lost: 8 FLUSHED @0 */
  CLWB(PM_BASE);
  PM(uint64_t, 64) = 2; /* lost: 8 FLUSHED @64 */
  CLFLUSHOPT(PM_BASE + 64);
  END();
}
