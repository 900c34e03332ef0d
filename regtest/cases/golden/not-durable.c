/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores that the program asserts to be durable, and that are not. */
#include "guest.h"

static void update(size_t offset) {
  PM(uint64_t, offset) = 1; /* here: STORE */
}

int main(void) {
  pm_open(4096);
  update(0);
  CLWB(PM_BASE);
  update(64);
  /* not-durable: 8 FLUSHED @0 from STORE, 8 DIRTY @64 from STORE */
  VALGRIND_PMC_ASSERT_DURABLE(PM_BASE, 128);
  CLWB(PM_BASE + 64);
  SFENCE();
  VALGRIND_PMC_ASSERT_DURABLE(PM_BASE, 128);
  END();
}
