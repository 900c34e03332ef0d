/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges added in pieces, twice, or overlapping are one set of bytes. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 4);
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 4, 4);
  PM(uint64_t, 0) = 1;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 64, 16);
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 64, 16);
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 72, 16);
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 56, 100);
  for (int at = 56; at < 152; at += 8) PM(uint64_t, at) = 1;
  PM(uint32_t, 152) = 1;
  /* One removal undoes two additions. */
  VALGRIND_PMC_REMOVE_FROM_TX(PM_BASE + 64, 16);
  PM(uint64_t, 64) = 1; /* outside-tx: 8 @64 */
  PM(uint64_t, 72) = 1; /* outside-tx: 8 @72 */
  PM(uint64_t, 80) = 1;
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
