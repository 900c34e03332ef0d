/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --mult-stores=yes */
/* Stores over stores that were not durable yet. */
#include "guest.h"

static void update(uint64_t value) {
  PM(uint64_t, 0) = value; /* overwritten: 8 DIRTY @0, 8 FLUSHED @0 */
}

int main(void) {
  pm_open(4096);
  update(1);
  update(2);
  CLWB(PM_BASE);
  update(3);
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 64);
  return 0;
}
