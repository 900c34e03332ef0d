/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store outside the ranges of the transaction is a finding; one before or after it is not. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  VALGRIND_PMC_START_TX;
  PM(uint64_t, 64) = 1; /* outside-tx: 8 @64 */
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 128, 8);
  PM(uint64_t, 128) = 1;
  PM(uint64_t, 136) = 1; /* outside-tx: 8 @136 */
  PM(uint32_t, 124) = 1; /* outside-tx: 4 @124 */
  VALGRIND_PMC_END_TX;
  PM(uint64_t, 192) = 1;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
