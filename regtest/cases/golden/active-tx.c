/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transactions that are still open at exit. */
#include "guest.h"

static void begin(long id) {
  VALGRIND_PMC_START_TX_N(id); /* active-tx: tx 6 nesting 1, tx 7 nesting 2 */
}

int main(void) {
  begin(6);
  begin(7);
  begin(7);
  return 0;
}
