/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=yes */
/* stdout: 0 0 1 2 */
/* COUNT_FINDINGS counts a finding as soon as it is certain. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  unsigned long none = VALGRIND_PMC_COUNT_FINDINGS;
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY */
  unsigned long not_yet = VALGRIND_PMC_COUNT_FINDINGS;
  CLWB(PM_BASE + 64); /* unnecessary: 64 */
  unsigned long one = VALGRIND_PMC_COUNT_FINDINGS;
  CLWB(PM_BASE + 128); /* unnecessary: 64 */
  printf("%lu %lu %lu %lu\n", none, not_yet, one, (unsigned long)VALGRIND_PMC_COUNT_FINDINGS);
  fflush(stdout);
  END();
}
