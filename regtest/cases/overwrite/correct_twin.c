/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --mult-stores=yes --flush-check=yes */
/* Stores that are durable before the next store to the same bytes are no finding. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  for (int i = 0; i < 10; i++) {
    PM(uint64_t, 0) = i;
    CLWB(PM_BASE);
    SFENCE();
  }
  END();
}
