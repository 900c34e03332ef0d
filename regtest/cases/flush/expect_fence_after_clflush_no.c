/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --expect-fence-after-clflush=no */
/* --expect-fence-after-clflush=no is the default: CLFLUSH needs no fence. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  CLFLUSH(PM_BASE);
  END();
}
