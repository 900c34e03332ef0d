/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locked arithmetic and exchanges are stores to their memory operand. */
#include "guest.h"

#define RMW(instruction, type, offset)                                                             \
  do {                                                                                             \
    type value = 1;                                                                                \
    __asm__ volatile(instruction : "+m"(PM(type, offset)), "+q"(value) : : "memory");              \
  } while (0)

int main(void) {
  pm_open(8192);
  RMW("xchgb %1, %0", uint8_t, 0);         /* lost: 1 DIRTY @0 */
  RMW("xchgw %1, %0", uint16_t, 64);       /* lost: 2 DIRTY @64 */
  RMW("xchgl %1, %0", uint32_t, 128);      /* lost: 4 DIRTY @128 */
  RMW("xchgq %1, %0", uint64_t, 192);      /* lost: 8 DIRTY @192 */
  RMW("lock addb %1, %0", uint8_t, 256);   /* lost: 1 DIRTY @256 */
  RMW("lock addw %1, %0", uint16_t, 320);  /* lost: 2 DIRTY @320 */
  RMW("lock addl %1, %0", uint32_t, 384);  /* lost: 4 DIRTY @384 */
  RMW("lock addq %1, %0", uint64_t, 448);  /* lost: 8 DIRTY @448 */
  RMW("lock xaddl %1, %0", uint32_t, 512); /* lost: 4 DIRTY @512 */
  RMW("lock xaddq %1, %0", uint64_t, 576); /* lost: 8 DIRTY @576 */
  RMW("lock negq %0", uint64_t, 640);      /* lost: 8 DIRTY @640 */
  RMW("lock decw %0", uint16_t, 704);      /* lost: 2 DIRTY @704 */
  RMW("lock btsq $5, %0", uint64_t, 768);  /* lost: 8 DIRTY @768 */
  RMW("lock orl $5, %0", uint32_t, 832);   /* lost: 4 DIRTY @832 */
  RMW("lock subq %1, %0", uint64_t, 896);  /* lost: 8 DIRTY @896 */
  END();
}
