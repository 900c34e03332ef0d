/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --mult-stores=yes */
/* A store over several others is a finding for each of them, and for each part split by a flush. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint8_t, 0) = 1;    /* overwritten: 1 DIRTY @0 */
  PM(uint16_t, 2) = 1;   /* overwritten: 2 DIRTY @2 */
  PM(uint32_t, 4) = 1;   /* overwritten: 4 DIRTY @4 */
  PM(uint64_t, 0) = 2;   /* lost: 8 DIRTY @0 */
  PM(uint64_t, 124) = 1; /* overwritten: 4 DIRTY @124, 4 FLUSHED @128 */
  CLWB(PM_BASE + 128);
  PM(uint64_t, 124) = 2; /* lost: 8 DIRTY @124 */
  END();
}
