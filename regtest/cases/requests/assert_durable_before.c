/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each ASSERT_DURABLE_BEFORE is checked once, at the next store to its second range. */
#include "guest.h"

static void persist(size_t offset) {
  CLWB(PM_BASE + offset);
  SFENCE();
}

int main(void) {
  pm_open(4096);
  for (int i = 0; i < 3; i++) {
    PM(uint64_t, 64) = i;
    if (i != 1) persist(64);
    VALGRIND_PMC_ASSERT_DURABLE_BEFORE(PM_BASE + 64, 8, PM_BASE, 16);
    PM(uint64_t, 8) = i; /* out-of-order: 8 @8 */
    PM(uint64_t, 0) = i; /* not checked any more */
  }
  persist(64);
  persist(0);
  return 0;
}
