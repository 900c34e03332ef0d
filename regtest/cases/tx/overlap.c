/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An overlap is reported with both ranges as they were added, and the stacks of both requests. */
#include "guest.h"

static void first(void) {
  VALGRIND_PMC_ADD_TO_TX_N(6, PM_BASE, 16);      /* here: A */
  VALGRIND_PMC_ADD_TO_TX_N(6, PM_BASE + 64, 16); /* here: B */
}

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX_N(6);
  VALGRIND_PMC_START_TX_N(7);
  VALGRIND_PMC_START_TX;
  first();
  VALGRIND_PMC_ADD_TO_TX_N(6, PM_BASE, 16);
  VALGRIND_PMC_ADD_TO_TX_N(7, PM_BASE + 16, 48);
  VALGRIND_PMC_ADD_TO_TX_N(7, PM_BASE + 8, 8);    /* overlap: 8 tx 7 first 16 tx 6 @8 from A */
  VALGRIND_PMC_ADD_TO_TX_N(7, PM_BASE + 79, 8);   /* overlap: 8 tx 7 first 16 tx 6 @79 from B */
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 3, 1);         /* overlap: 1 tx own first 16 tx 6 @3 from A */
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 128, 4);       /* here: C */
  VALGRIND_PMC_ADD_TO_TX_N(6, PM_BASE + 120, 64); /* overlap: 64 tx 6 first 4 tx own @120 from C */
  VALGRIND_PMC_END_TX_N(6);
  VALGRIND_PMC_END_TX_N(7);
  VALGRIND_PMC_END_TX;
  return 0;
}
