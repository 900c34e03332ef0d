/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --tx-only=no */
/* --tx-only=no is the default: stores of a thread in no transaction are no findings. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  VALGRIND_PMC_START_TX;
  PM(uint64_t, 8) = 1; /* outside-tx: 8 @8 */
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
