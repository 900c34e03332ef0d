/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=yes */
/* A flush is unnecessary if nothing is outstanding in its line or, for DO_FLUSH, in its range. */
#include "guest.h"

static void persist(long at) {
  CLWB(PM_BASE + at); /* unnecessary: 64 @64 */
  SFENCE();
}

int main(void) {
  pm_open(4096);
  CLWB(PM_BASE); /* unnecessary: 64 @0 */
  PM(uint64_t, 64) = 1;
  persist(64);
  persist(72);
  CLFLUSHOPT(PM_BASE + 129); /* unnecessary: 64 @128 */
  PM(uint64_t, 192) = 1;
  CLFLUSH(PM_BASE + 192);
  CLFLUSH(PM_BASE + 255);                    /* unnecessary: 64 @192 */
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 268, 100); /* unnecessary: 100 @268 */
  PM(uint64_t, 512) = 1;
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 400, 1000); /* covers a store */
  VALGRIND_PMC_DO_FENCE;
  PM(uint64_t, 512) = 2;
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 520, 8); /* unnecessary: 8 @520 */
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 512, 8);
  VALGRIND_PMC_DO_FENCE;
  PM(uint64_t, 640) = 1;
  VALGRIND_PMC_SET_CLEAN(PM_BASE + 640, 8);
  CLWB(PM_BASE + 640); /* unnecessary: 64 @640 */
  END();
}
