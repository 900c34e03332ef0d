/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Store, flush and fence are no finding, with each flush instruction and each fence. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  CLWB(PM_BASE);
  SFENCE();
  PM(uint64_t, 64) = 1;
  CLWB(PM_BASE + 64);
  MFENCE();
  PM(uint64_t, 128) = 1;
  CLFLUSHOPT(PM_BASE + 128);
  SFENCE();
  PM(uint64_t, 192) = 1;
  CLFLUSHOPT(PM_BASE + 192);
  MFENCE();
  PM(uint64_t, 256) = 1;
  CLFLUSH(PM_BASE + 256);
  SFENCE();
  /* One fence commits every line flushed before it. */
  for (int i = 0; i < 4096; i += 8) PM(uint64_t, i) = 2;
  for (int i = 0; i < 4096; i += 64) CLWB(PM_BASE + i);
  SFENCE();
  END();
}
