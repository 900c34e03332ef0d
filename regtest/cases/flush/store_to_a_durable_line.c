/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store to a durable line has to be flushed and fenced again. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  CLWB(PM_BASE);
  SFENCE();
  PM(uint64_t, 0) = 2; /* lost: 8 DIRTY @0 */
  END();
}
