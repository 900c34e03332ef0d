/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=yes --mult-stores=yes */
/* stdout: 1 0 */
/* DISABLE_REPORTING holds for what the calling thread does, not for what other threads do. */
#include "guest.h"

static void* other(void* unused) {
  (void)unused;
  PM(uint64_t, 256) = 1; /* lost: 8 DIRTY */
  return NULL;
}

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_DISABLE_REPORTING;
  VALGRIND_PMC_DISABLE_REPORTING;
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 0) = 2;
  CLWB(PM_BASE + 64);
  VALGRIND_PMC_ENABLE_REPORTING;
  PM(uint64_t, 64) = 1;
  unsigned long durable = VALGRIND_PMC_ASSERT_DURABLE(PM_BASE, 8);
  pm_run_thread(other, NULL);
  printf("%lu %lu\n", durable, (unsigned long)VALGRIND_PMC_COUNT_FINDINGS);
  fflush(stdout);
  VALGRIND_PMC_ENABLE_REPORTING;
  VALGRIND_PMC_ENABLE_REPORTING; /* one too many: ignored */
  PM(uint64_t, 0) = 3;           /* overwritten: 8 DIRTY */
  PM(uint64_t, 0) = 4;           /* lost: 8 DIRTY */
  PM(uint64_t, 128) = 1;         /* lost: 8 DIRTY */
  END();
}
