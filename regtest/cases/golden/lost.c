/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store that was never flushed, and one that was flushed but never fenced. */
#include "guest.h"

static void update(long at) {
  PM(uint64_t, at) = 1; /* lost: 8 DIRTY @0, 8 FLUSHED @64 */
}

int main(void) {
  pm_open(4096);
  update(0);
  update(64);
  CLWB(PM_BASE + 64);
  END();
}
