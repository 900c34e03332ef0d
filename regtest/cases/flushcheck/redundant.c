/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=yes */
/* A flush is redundant for each flushed entry in it, shown with the stacks of store and flush. */
#include "guest.h"

static void flush_again(void) {
  CLWB(PM_BASE); /* here: A */
}

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;  /* redundant: 8 @0 by main from A */
  PM(uint32_t, 16) = 1; /* redundant: 4 @16 from A */
  CLWB(PM_BASE);
  flush_again();
  SFENCE();
  PM(uint64_t, 64) = 1; /* redundant: 8 @64 from B, 8 @64 from C, 8 @64 from D */
  CLFLUSHOPT(PM_BASE + 127);
  CLFLUSHOPT(PM_BASE + 64);               /* here: B */
  CLWB(PM_BASE + 64);                     /* here: C */
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 64, 8); /* here: D */
  SFENCE();
  END();
}
