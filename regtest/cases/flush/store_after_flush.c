/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flush of a line does not cover a later store to the same line. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  CLWB(PM_BASE);
  PM(uint64_t, 8) = 2; /* lost: 8 DIRTY @8 */
  SFENCE();

  PM(uint64_t, 64) = 1;
  CLWB(PM_BASE + 64);
  PM(uint64_t, 64) = 2; /* lost: 8 DIRTY @64 */
  SFENCE();

  PM(uint64_t, 128) = 1;
  CLWB(PM_BASE + 128);
  PM(uint32_t, 132) = 2; /* lost: 4 DIRTY @132 */
  SFENCE();

  PM(uint64_t, 192) = 1; /* lost: 4 FLUSHED @192 */
  CLWB(PM_BASE + 192);
  PM(uint32_t, 196) = 2; /* lost: 4 DIRTY @196 */
  END();
}
