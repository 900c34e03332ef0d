/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DO_FENCE completes DO_FLUSH and flush instructions, and SFENCE completes DO_FLUSH; DO_FLUSH alone
 * makes nothing durable. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  VALGRIND_PMC_DO_FLUSH(PM_BASE, 8);
  VALGRIND_PMC_DO_FENCE;
  PM(uint64_t, 64) = 1;
  CLWB(PM_BASE + 64);
  VALGRIND_PMC_DO_FENCE;
  PM(uint64_t, 128) = 1;
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 128, 8);
  SFENCE();
  PM(uint64_t, 192) = 1; /* lost: 8 FLUSHED @192 */
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 192, 8);
  END();
}
