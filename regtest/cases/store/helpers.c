/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores that VEX makes in helper functions count with their exact sizes. */
#include "guest.h"

#define STORE(instruction, offset)                                                                 \
  __asm__ volatile(instruction : "=m"(PM(uint64_t, offset)) : : "memory")

int main(void) {
  pm_open(8192);
  STORE("fldpi; fstpt %0", 0);    /* lost: 10 DIRTY @0 */
  STORE("fldpi; fstpt %0", 58);   /* lost: 10 DIRTY @58 */
  STORE("fldpi; fstpl %0", 128);  /* lost: 8 DIRTY @128 */
  STORE("fldpi; fstps %0", 192);  /* lost: 4 DIRTY @192 */
  STORE("fldpi; fistps %0", 256); /* lost: 2 DIRTY @256 */
  STORE("fldpi; fistpl %0", 320); /* lost: 4 DIRTY @320 */
  STORE("fldpi; fistpq %0", 384); /* lost: 8 DIRTY @384 */
  STORE("fnstcw %0", 448);        /* lost: 2 DIRTY @448 */
  STORE("stmxcsr %0", 512);       /* lost: 4 DIRTY @512 */
  STORE("fnstenv %0", 576);       /* lost: 28 DIRTY @576 */
  STORE("fnsave %0", 640);        /* lost: 108 DIRTY @640 */
  END();
}
