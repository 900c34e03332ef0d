/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Of an ordinary and a non-temporal store to the same bytes, the last one counts. */
#include "guest.h"

#define MOVNTI(offset) __asm__ volatile("movnti %1, %0" : "=m"(PM(uint64_t, offset)) : "r"(1ul))

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  MOVNTI(0);            /* lost: 8 FLUSHED @0 */
  MOVNTI(64);           /* lost: 4 FLUSHED @68 */
  PM(uint32_t, 64) = 1; /* lost: 4 DIRTY @64 */
  MOVNTI(64 + 8);       /* lost: 8 FLUSHED @72 */
  /* CLWB does not change the state of a non-temporal store. */
  MOVNTI(128); /* lost: 8 FLUSHED @128 */
  CLWB(PM_BASE + 128);
  /* CLFLUSH makes a non-temporal store durable at once. */
  MOVNTI(192);
  CLFLUSH(PM_BASE + 192);
  END();
}
