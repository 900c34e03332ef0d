/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adjacent ranges, removed ranges and ranges of ended transactions do not overlap. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX_N(6);
  VALGRIND_PMC_ADD_TO_TX_N(6, PM_BASE, 64);
  VALGRIND_PMC_ADD_TO_GLOBAL_TX_IGNORE(PM_BASE + 512, 64);
  VALGRIND_PMC_START_TX_N(7);
  VALGRIND_PMC_ADD_TO_TX_N(7, PM_BASE + 64, 64);
  VALGRIND_PMC_ADD_TO_TX_N(7, PM_BASE + 512, 64);
  VALGRIND_PMC_REMOVE_FROM_TX_N(6, PM_BASE + 16, 16);
  VALGRIND_PMC_ADD_TO_TX_N(7, PM_BASE + 16, 16);
  VALGRIND_PMC_END_TX_N(7);
  VALGRIND_PMC_ADD_TO_TX_N(6, PM_BASE + 64, 64);
  VALGRIND_PMC_END_TX_N(6);
  VALGRIND_PMC_START_TX_N(7);
  VALGRIND_PMC_ADD_TO_TX_N(7, PM_BASE, 64);
  VALGRIND_PMC_END_TX_N(7);
  return 0;
}
