/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One DO_FLUSH covers many megabytes. */
#include "guest.h"

#define SIZE (64 << 20)

int main(void) {
  pm_open(SIZE);
  for (int i = 0; i < SIZE; i += 4096) PM(uint64_t, i) = 1;
  VALGRIND_PMC_DO_FLUSH(PM_BASE, SIZE);
  VALGRIND_PMC_DO_FENCE;
  PM(uint64_t, SIZE - 8) = 1; /* lost: 4 DIRTY @0x3fffffc */
  VALGRIND_PMC_DO_FLUSH(PM_BASE, SIZE - 4);
  VALGRIND_PMC_DO_FENCE;
  END();
}
