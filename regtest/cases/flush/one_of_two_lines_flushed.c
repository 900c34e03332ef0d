/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store across two cache lines is durable only if both lines are flushed. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 60) = 1; /* lost: 4 DIRTY @64 */
  CLWB(PM_BASE + 60);
  SFENCE();
  PM(uint64_t, 188) = 1; /* lost: 4 DIRTY @188 */
  CLWB(PM_BASE + 192);
  SFENCE();
  PM(uint64_t, 316) = 1; /* lost: 4 FLUSHED @316, 4 DIRTY @320 */
  CLWB(PM_BASE + 316);
  END();
}
