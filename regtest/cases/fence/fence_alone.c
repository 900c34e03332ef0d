/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fence makes only flushed stores durable: without a flush it has no effect. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  SFENCE();
  MFENCE();
  VALGRIND_PMC_DO_FENCE;
  END();
}
