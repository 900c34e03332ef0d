/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=yes */
/* One flush for each line that was stored to is no finding. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  for (int i = 0; i < 4; i++) {
    PM(uint64_t, 0) = i;
    PM(uint64_t, 8) = i;
    CLWB(PM_BASE);
    PM(uint64_t, 64) = i;
    PM(uint64_t, 128) = i;
    VALGRIND_PMC_DO_FLUSH(PM_BASE + 64, 72);
    PM(uint64_t, 192) = i;
    CLFLUSH(PM_BASE + 192);
    SFENCE();
  }
  END();
}
