/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 0 */
/* A store is covered by ignored ranges and ranges of its transactions together. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX;
  PM(uint64_t, 0) = 1; /* outside-tx: 8 @0 */
  printf("%d\n", (int)VALGRIND_PMC_ADD_TO_GLOBAL_TX_IGNORE(PM_BASE, 12));
  PM(uint64_t, 0) = 2;
  PM(uint64_t, 8) = 2; /* outside-tx: 8 @8 */
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 12, 4);
  PM(uint64_t, 8) = 3;
  VALGRIND_PMC_REMOVE_FROM_TX(PM_BASE, 64);
  PM(uint32_t, 8) = 4;
  PM(uint64_t, 8) = 4; /* outside-tx: 8 @8 */
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_START_TX_N(3);
  PM(uint64_t, 0) = 5;
  VALGRIND_PMC_END_TX_N(3);
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
