/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A range added to a transaction overlaps a range of another transaction. */
#include "guest.h"

static void add(long id, long at, size_t size) {
  /* overlap: 64 tx 7 first 16 tx 6 @32 */
  VALGRIND_PMC_ADD_TO_TX_N(id, PM_BASE + at, size);
}

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX_N(6);
  VALGRIND_PMC_START_TX_N(7);
  add(6, 64, 16);
  add(7, 32, 64);
  VALGRIND_PMC_END_TX_N(6);
  VALGRIND_PMC_END_TX_N(7);
  return 0;
}
