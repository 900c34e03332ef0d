/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --mult-stores=yes */
/* An overwritten store is reported with the state that it was in, DIRTY or FLUSHED. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;  /* overwritten: 8 DIRTY @0 */
  PM(uint64_t, 0) = 2;  /* lost: 8 DIRTY @0 */
  PM(uint64_t, 64) = 1; /* overwritten: 8 FLUSHED @64 */
  CLWB(PM_BASE + 64);
  PM(uint64_t, 64) = 2; /* overwritten: 8 DIRTY @64 */
  PM(uint64_t, 64) = 3; /* lost: 8 DIRTY @64 */
  PM(uint64_t, 128) = 1;
  CLWB(PM_BASE + 128);
  SFENCE();
  PM(uint64_t, 128) = 2; /* over a durable store */
  VALGRIND_PMC_SET_CLEAN(PM_BASE + 128, 64);
  PM(uint64_t, 128) = 3; /* lost: 8 DIRTY @128 */
  END();
}
