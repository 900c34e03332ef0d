/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program without persistent memory has nothing to report. */
#include "guest.h"

int main(void) {
  uint64_t sum = 0;
  pm_map(1 << 20);
  for (int i = 0; i < 1 << 20; i += 8) PM(uint64_t, i) = (uint64_t)i;
  for (int i = 0; i < 1 << 20; i += 8) sum += PM(uint64_t, i);
  CLWB(PM_BASE);
  SFENCE();
  return sum == (uint64_t)(1 << 17) * ((1 << 20) - 8) / 2 ? 0 : 1;
}
