/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -mmovdiri -mmovdir64b */
/* MOVDIRI and MOVDIR64B store, and need a fence but no flush. */
#include "guest.h"

#define MOVDIRI(type, offset, value)                                                               \
  __asm__ volatile("movdiri %1, %0" : "=m"(PM(type, offset)) : "r"((type)(value)))
#define MOVDIR64B(offset, from)                                                                    \
  __asm__ volatile("movdir64b %0, %1" : : "m"(*(from)), "r"(PM_BASE + (offset)) : "memory")

int main(void) {
  static char block[64];
  memset(block, 0x41, sizeof block);
  pm_open(4096);
  MOVDIRI(uint64_t, 0, 1);
  MOVDIRI(uint32_t, 12, 1);
  MOVDIR64B(64, &block);
  SFENCE();
  MOVDIRI(uint64_t, 0, 0x1122334455667788); /* lost: 8 FLUSHED @0 */
  MOVDIRI(uint32_t, 12, 0xaabbccdd);        /* lost: 4 FLUSHED @12 */
  MOVDIR64B(128, &block);                   /* lost: 64 FLUSHED @128 */
  if (PM(uint64_t, 0) != 0x1122334455667788 || PM(uint64_t, 8) != 0xaabbccdd00000000) _exit(1);
  if (memcmp(PM_BASE + 64, block, 64) != 0 || memcmp(PM_BASE + 128, block, 64) != 0) _exit(2);
  END();
}
