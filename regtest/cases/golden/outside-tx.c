/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores to memory that was not added to the open transaction. */
#include "guest.h"

static void update(long at) {
  PM(uint64_t, at) = 1; /* outside-tx: 8 @0, 8 @64 */
}

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX;
  update(0);
  update(64);
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
