/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: still here */
/* The tool never stops the program because there are too many findings. */
#include "guest.h"

int main(void) {
  pm_open(10001 * 64);
  VALGRIND_PMC_START_TX;
  for (long at = 0; at < 10001 * 64; at += 64) PM(uint64_t, at) = 1; /* outside-tx: 8 x10001 */
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 10001 * 64);
  puts("still here");
  return 0;
}
