/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transactions that are open at exit are reported with their nesting and where they began. */
#include "guest.h"

static void outer(void) {
  VALGRIND_PMC_START_TX_N(7); /* active-tx: tx 7 nesting 2 by outer < main */
}

int main(void) {
  VALGRIND_PMC_START_TX_N(7000000000); /* active-tx: tx 7000000000 nesting 1 */
  outer();
  VALGRIND_PMC_START_TX_N(7);
  VALGRIND_PMC_START_TX_N(8);
  VALGRIND_PMC_START_TX; /* active-tx: tx own nesting 3 */
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_END_TX_N(8);
  return 0;
}
