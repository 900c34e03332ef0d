/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 1 1 0 0 */
/* ASSERT_DURABLE returns whether the range is durable, and is a finding if it is not. */
#include "guest.h"

int main(void) {
  unsigned long answers[4];
  pm_open(4096);
  PM(uint64_t, 0) = 1;                                   /* here: STORE */
  answers[0] = VALGRIND_PMC_ASSERT_DURABLE(PM_BASE, 64); /* not-durable: 8 DIRTY @0 from STORE */
  CLWB(PM_BASE);
  answers[1] = VALGRIND_PMC_ASSERT_DURABLE(PM_BASE, 64); /* not-durable: 8 FLUSHED @0 from STORE */
  SFENCE();
  answers[2] = VALGRIND_PMC_ASSERT_DURABLE(PM_BASE, 64);
  answers[3] = VALGRIND_PMC_ASSERT_DURABLE(answers, sizeof answers); /* not persistent memory */
  printf("%lu %lu %lu %lu\n", answers[0], answers[1], answers[2], answers[3]);
  return 0;
}
