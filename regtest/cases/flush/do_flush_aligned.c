/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-align=yes */
/* With --flush-align=yes, DO_FLUSH covers whole cache lines. */
#include "guest.h"

static void fill(int at) {
  for (int i = 0; i < 64; i += 8) PM(uint64_t, at + i) = 1; /* lost: 64 FLUSHED @0, 64 DIRTY @256 */
}

int main(void) {
  pm_open(4096);
  fill(0);
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 8, 8);
  /* A range that ends one byte into the second line covers both. */
  fill(128);
  fill(192);
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 191, 2);
  fill(256);
  VALGRIND_PMC_DO_FENCE;
  fill(0);
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 63, 1);
  END();
}
