/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each store is checked as it was made, although stores join in the list of stores not durable: of
 * a loop that leaves the range with its last store, only that store is a finding. */
#include "guest.h"

static void fill(long from, long to) {
  for (long at = from; at < to; at += 8)
    PM(uint64_t, at) = 1; /* outside-tx: 8 @64, 8 @256 x3, 8 @264 x3 */
}

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 64);
  fill(0, 72);
  fill(0, 64);
  for (int i = 0; i < 3; i++) fill(256, 272);
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
