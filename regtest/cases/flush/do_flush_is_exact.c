/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DO_FLUSH covers exactly the bytes that it names, not their cache lines. */
#include "guest.h"

static void fill(int at) {
  for (int i = 0; i < 64; i += 8)
    /* lost: 8 DIRTY @0, 8 FLUSHED @8, 48 DIRTY @16, 3 DIRTY @64, 56 DIRTY @72 */
    PM(uint64_t, at + i) = 1;
}

int main(void) {
  pm_open(4096);
  fill(64);
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 67, 5);
  VALGRIND_PMC_DO_FENCE;
  fill(0);
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 8, 8);
  END();
}
