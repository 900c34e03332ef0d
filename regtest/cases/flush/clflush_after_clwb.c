/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CLFLUSH makes durable what an earlier CLWB of the line left pending. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  CLWB(PM_BASE);
  CLFLUSH(PM_BASE);
  END();
}
