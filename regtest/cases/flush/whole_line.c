/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flush writes back the aligned line that holds its operand, whatever the operand's offset. */
#include "guest.h"

static void fill(int line) {
  for (int i = 0; i < 192; i += 8) PM(uint64_t, line + i) = 1; /* lost: 64 DIRTY x12 */
}

int main(void) {
  pm_open(4096);
  fill(0);
  CLWB(PM_BASE + 64 + 63);
  fill(256);
  CLWB(PM_BASE + 256 + 64);
  fill(512);
  CLWB(PM_BASE + 512 + 64 + 1);
  fill(768);
  CLFLUSHOPT(PM_BASE + 768 + 64 + 63);
  fill(1024);
  CLFLUSH(PM_BASE + 1024 + 64 + 33);
  fill(1280);
  CLFLUSH(PM_BASE + 1280 + 127);
  SFENCE();
  END();
}
