/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CLFLUSH is ordered with stores: its line is durable at once. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  CLFLUSH(PM_BASE);
  PM(uint64_t, 64) = 2; /* lost: 8 DIRTY @64 */
  CLFLUSH(PM_BASE);
  END();
}
