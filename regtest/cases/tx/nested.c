/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 0 0 0 1 */
/* Ranges added at an inner level stay until the outermost level ends. */
#include "guest.h"

int main(void) {
  int answers[4];
  pm_open(4096);
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 8);
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 64, 8);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 64) = 1;
  VALGRIND_PMC_END_TX;
  PM(uint64_t, 0) = 2;
  PM(uint64_t, 64) = 2;
  PM(uint64_t, 128) = 2; /* outside-tx: 8 @128 */
  VALGRIND_PMC_END_TX;
  PM(uint64_t, 128) = 3;
  VALGRIND_PMC_START_TX; /* a new transaction, without the ranges of the previous one */
  PM(uint64_t, 0) = 4;   /* outside-tx: 8 @0 */
  VALGRIND_PMC_END_TX;

  for (int i = 0; i < 3; i++) VALGRIND_PMC_START_TX_N(5);
  VALGRIND_PMC_ADD_TO_TX_N(5, PM_BASE, 8);
  for (int i = 0; i < 4; i++) {
    answers[i] = (int)VALGRIND_PMC_END_TX_N(5);
    PM(uint64_t, 0) = 5;
    PM(uint64_t, 128) = 5; /* outside-tx: 8 @128 x2 */
  }
  printf("%d %d %d %d\n", answers[0], answers[1], answers[2], answers[3]);
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
