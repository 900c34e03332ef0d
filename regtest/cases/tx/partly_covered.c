/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -mavx2 */
/* A store that is covered only in part is reported whole, as it was made. */
#include "guest.h"

#define STORE(instruction, offset)                                                                 \
  __asm__ volatile(instruction : "=m"(PM(char, offset)) : : "memory")

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 64, 8);
  PM(uint64_t, 60) = 1; /* outside-tx: 8 @60 */
  PM(uint64_t, 68) = 1; /* outside-tx: 8 @68 */
  PM(uint32_t, 64) = 1;
  PM(uint8_t, 71) = 1;
  PM(uint8_t, 72) = 1; /* outside-tx: 1 @72 */
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 129, 31);
  STORE("vmovdqu %%ymm0, %0", 128); /* outside-tx: 32 @128 */
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 128, 1);
  STORE("vmovdqu %%ymm0, %0", 128);
  STORE("fldpi; fstpt %0", 256); /* outside-tx: 10 @256 */
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
