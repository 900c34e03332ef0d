/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SET_CLEAN discards exactly the bytes of its range; the rest of a store keeps its stack. */
#include "guest.h"

static void fill(int at) {
  for (int i = 0; i < 64; i += 8)
    /* lost: 3 DIRTY @256, 51 DIRTY @269, 2 FLUSHED @512, 60 FLUSHED @516 */
    PM(uint64_t, at + i) = 1;
}

int main(void) {
  pm_open(4096);
  fill(0);
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 64);
  fill(128);
  CLWB(PM_BASE + 128);
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  fill(256);
  VALGRIND_PMC_SET_CLEAN(PM_BASE + 259, 10);
  fill(512);
  CLWB(PM_BASE + 512);
  VALGRIND_PMC_SET_CLEAN(PM_BASE + 514, 2);
  VALGRIND_PMC_SET_CLEAN(PM_BASE + 576, 64);
  PM(uint64_t, 1024) = 1;
  VALGRIND_PMC_SET_CLEAN(PM_BASE + 1024, 8);
  PM(uint64_t, 1024) = 2; /* lost: 8 DIRTY @1024 */
  END();
}
