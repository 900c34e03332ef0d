/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --tx-only=yes */
/* With --tx-only=yes, every store outside a transaction and the ignored ranges is a finding. */
#include "guest.h"

static char volatile_memory[64];

static void* other(void* unused) {
  PM(uint64_t, 0) = 3; /* outside-tx: 8 @0 */
  return unused;
}

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* outside-tx: 8 @0 */
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 8);
  PM(uint64_t, 0) = 2;
  PM(uint64_t, 8) = 2; /* outside-tx: 8 @8 */
  pm_run_thread(other, NULL);
  VALGRIND_PMC_END_TX;
  PM(uint64_t, 0) = 4; /* outside-tx: 8 @0 */
  VALGRIND_PMC_ADD_TO_GLOBAL_TX_IGNORE(PM_BASE, 8);
  PM(uint64_t, 0) = 5;
  *(volatile char*)volatile_memory = 1;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
