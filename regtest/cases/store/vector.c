/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -mavx2 */
/* Stores of vector registers, or parts of them, count with their exact sizes. */
#include "guest.h"

#define STORE(instruction, offset)                                                                 \
  __asm__ volatile(instruction : "=m"(PM(uint64_t, offset)) : : "xmm0", "memory")

int main(void) {
  pm_open(8192);
  __asm__ volatile("vpxor %%ymm0, %%ymm0, %%ymm0" : : : "xmm0");
  STORE("movss %%xmm0, %0", 0);               /* lost: 4 DIRTY @0 */
  STORE("movsd %%xmm0, %0", 64);              /* lost: 8 DIRTY @64 */
  STORE("movd %%xmm0, %0", 128);              /* lost: 4 DIRTY @128 */
  STORE("movq %%xmm0, %0", 192);              /* lost: 8 DIRTY @192 */
  STORE("movlps %%xmm0, %0", 256);            /* lost: 8 DIRTY @256 */
  STORE("movhpd %%xmm0, %0", 320);            /* lost: 8 DIRTY @320 */
  STORE("movaps %%xmm0, %0", 384);            /* lost: 16 DIRTY @384 */
  STORE("movups %%xmm0, %0", 451);            /* lost: 16 DIRTY @451 */
  STORE("movdqu %%xmm0, %0", 513);            /* lost: 16 DIRTY @513 */
  STORE("pextrb $3, %%xmm0, %0", 576);        /* lost: 1 DIRTY @576 */
  STORE("pextrw $3, %%xmm0, %0", 640);        /* lost: 2 DIRTY @640 */
  STORE("pextrd $3, %%xmm0, %0", 704);        /* lost: 4 DIRTY @704 */
  STORE("pextrq $1, %%xmm0, %0", 768);        /* lost: 8 DIRTY @768 */
  STORE("vmovaps %%xmm0, %0", 832);           /* lost: 16 DIRTY @832 */
  STORE("vmovaps %%ymm0, %0", 896);           /* lost: 32 DIRTY @896 */
  STORE("vmovups %%ymm0, %0", 961);           /* lost: 32 DIRTY @961 */
  STORE("vmovdqu %%ymm0, %0", 1033);          /* lost: 32 DIRTY @1033 */
  STORE("vextracti128 $1, %%ymm0, %0", 1088); /* lost: 16 DIRTY @1088 */
  STORE("vmovdqu %%ymm0, %0", 1184);          /* lost: 32 DIRTY @1184 */
  /* MMX */
  STORE("movq %%mm0, %0", 1280); /* lost: 8 DIRTY @1280 */
  STORE("movd %%mm0, %0", 1344); /* lost: 4 DIRTY @1344 */
  __asm__ volatile("emms");
  END();
}
