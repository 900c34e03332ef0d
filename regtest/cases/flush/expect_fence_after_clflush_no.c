/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --expect-fence-after-clflush=no */
/* The default, said aloud. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  CLFLUSH(PM_BASE);
  END();
}
