/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Durable is not for ever: the next store starts anew. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  CLWB(PM_BASE);
  SFENCE();
  PM(uint64_t, 0) = 2; /* lost: 8 DIRTY @0 */
  END();
}
