/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats: 1 */
/* The report of WRITE_STATS lists the transactions that are open at that time. */
#include "guest.h"

int main(void) {
  VALGRIND_PMC_START_TX_N(4); /* active-tx in 1: tx 4 nesting 1 */
  VALGRIND_PMC_WRITE_STATS;
  VALGRIND_PMC_END_TX_N(4);
  return 0;
}
