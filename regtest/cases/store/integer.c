/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores of general registers and constants count with their exact sizes. */
#include "guest.h"

#define STORE(instruction, offset)                                                                 \
  __asm__ volatile(instruction : "=m"(PM(uint64_t, offset)) : "a"(1))

int main(void) {
  pm_open(8192);
  STORE("movb %%al, %0", 0);          /* lost: 1 DIRTY @0 */
  STORE("movw %%ax, %0", 64);         /* lost: 2 DIRTY @64 */
  STORE("movl %%eax, %0", 128);       /* lost: 4 DIRTY @128 */
  STORE("movq %%rax, %0", 192);       /* lost: 8 DIRTY @192 */
  STORE("movb $1, %0", 257);          /* lost: 1 DIRTY @257 */
  STORE("movw $1, %0", 321);          /* lost: 2 DIRTY @321 */
  STORE("movl $1, %0", 385);          /* lost: 4 DIRTY @385 */
  STORE("movq $1, %0", 449);          /* lost: 8 DIRTY @449 */
  STORE("setz %0", 704);              /* lost: 1 DIRTY @704 */
  STORE("addq %%rax, %0", 768);       /* lost: 8 DIRTY @768 */
  STORE("incl %0", 832);              /* lost: 4 DIRTY @832 */
  STORE("notw %0", 896);              /* lost: 2 DIRTY @896 */
  STORE("shlb $1, %0", 960);          /* lost: 1 DIRTY @960 */
  STORE("btsl $3, %0", 1024);         /* lost: 4 DIRTY @1024 */
  STORE("movbew %%ax, %0", 1088);     /* lost: 2 DIRTY @1088 */
  STORE("movbel %%eax, %0", 1152);    /* lost: 4 DIRTY @1152 */
  STORE("movbeq %%rax, %0", 1216);    /* lost: 8 DIRTY @1216 */
  STORE("shldq $3, %%rax, %0", 1280); /* lost: 8 DIRTY @1280 */
  END();
}
