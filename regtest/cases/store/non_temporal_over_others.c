/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores of both kinds over each other: the last one counts. */
#include "guest.h"

#define MOVNTI(offset) __asm__ volatile("movnti %1, %0" : "=m"(PM(uint64_t, offset)) : "r"(1ul))

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  MOVNTI(0);            /* lost: 8 FLUSHED @0 */
  MOVNTI(64);           /* lost: 4 FLUSHED @68 */
  PM(uint32_t, 64) = 1; /* lost: 4 DIRTY @64 */
  MOVNTI(64 + 8);       /* lost: 8 FLUSHED @72 */
  /* A flush changes nothing for it. */
  MOVNTI(128); /* lost: 8 FLUSHED @128 */
  CLWB(PM_BASE + 128);
  /* CLFLUSH is ordered with it. */
  MOVNTI(192);
  CLFLUSH(PM_BASE + 192);
  END();
}
