/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FXSAVE writes 416 of its 512 bytes: the x87 state and sixteen vector registers. */
#include "guest.h"

int main(void) {
  pm_open(8192);
  __asm__ volatile("fxsave %0" : "=m"(PM(uint64_t, 0)) : : "memory"); /* lost: 416 DIRTY @0 */
  __asm__ volatile("fxsave64 %0" : "=m"(PM(uint64_t, 4096)) : : "memory");
  for (int i = 0; i < 512; i += 64) CLWB(PM_BASE + 4096 + i);
  SFENCE();
  END();
}
