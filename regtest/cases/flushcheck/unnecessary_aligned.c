/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=yes --flush-align=yes */
/* With --flush-align=yes, DO_FLUSH is widened to whole lines before it is checked. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 60, 8);   /* unnecessary: 128 @0 */
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 200, 1);  /* unnecessary: 64 @192 */
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 256, 64); /* unnecessary: 64 @256 */
  PM(uint64_t, 512) = 2;
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 520, 8);
  VALGRIND_PMC_DO_FENCE;
  END();
}
