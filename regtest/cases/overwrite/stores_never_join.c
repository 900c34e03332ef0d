/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --mult-stores=yes */
/* With --mult-stores=yes, stores are counted one by one and never join to one entry. */
#include "guest.h"

static void fill(long at) {
  for (int i = 0; i < 8; i++) {
    /* lost: 8 DIRTY x17, 4 DIRTY @128, 4 DIRTY @180 */
    /* overwritten: 8 DIRTY x4, 4 DIRTY @132, 4 DIRTY @176 */
    PM(uint64_t, at + i * 8) = 1;
  }
}

int main(void) {
  pm_open(4096);
  fill(0);   /* eight entries */
  fill(32);  /* four of them overwritten, four more */
  fill(128); /* eight more */
  VALGRIND_PMC_SET_CLEAN(PM_BASE + 184, 8);
  PM(uint32_t, 132) = 2;      /* lost: 4 DIRTY @132 */
  PM(uint32_t, 128 + 48) = 2; /* lost: 4 DIRTY @176 */
  END();
}
