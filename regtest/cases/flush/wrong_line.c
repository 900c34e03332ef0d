/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flush of a neighbouring line, or of volatile memory, does not cover the store. */
#include "guest.h"

static char elsewhere[64];

int main(void) {
  pm_open(4096);
  PM(uint64_t, 64) = 1; /* lost: 8 DIRTY @64 */
  CLWB(PM_BASE);
  CLWB(PM_BASE + 128);
  CLWB(elsewhere);
  SFENCE();
  END();
}
