/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -mavx2 */
/* A store across two cache lines, or two pages, is one entry. */
#include "guest.h"

#define STORE(instruction, offset)                                                                 \
  __asm__ volatile(instruction : "=m"(PM(uint64_t, offset)) : "a"(1))

int main(void) {
  pm_open(8192);
  STORE("movw %%ax, %0", 63);             /* lost: 2 DIRTY @63 */
  STORE("movl %%eax, %0", 190);           /* lost: 4 DIRTY @190 */
  STORE("movq %%rax, %0", 319);           /* lost: 8 DIRTY @319 */
  STORE("movups %%xmm0, %0", 440);        /* lost: 16 DIRTY @440 */
  STORE("vmovups %%ymm0, %0", 575);       /* lost: 32 DIRTY @575 */
  STORE("vmovups %%ymm0, %0", 4096 - 16); /* lost: 32 DIRTY @4080 */
  END();
}
