/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=yes */
/* A flush of a dirty entry and a flushed one is redundant for the flushed one only. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* redundant: 8 @0 from A */
  CLWB(PM_BASE);
  PM(uint64_t, 8) = 1;
  CLWB(PM_BASE); /* here: A */
  SFENCE();
  END();
}
