/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flush does not cover a store that follows it. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  CLWB(PM_BASE);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  SFENCE();
  END();
}
