/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A locked instruction on persistent memory is a fence for earlier flushes, and itself a store. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  CLWB(PM_BASE);
  __asm__ volatile("lock incq %0" : "+m"(PM(uint64_t, 64)) : : "memory"); /* lost: 8 DIRTY @64 */
  END();
}
