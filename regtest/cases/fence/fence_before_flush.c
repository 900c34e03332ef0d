/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fence makes durable what was flushed before it, not what is flushed after it. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* lost: 8 FLUSHED @0 */
  PM(uint64_t, 64) = 1;
  CLWB(PM_BASE + 64);
  SFENCE();
  CLWB(PM_BASE);
  END();
}
