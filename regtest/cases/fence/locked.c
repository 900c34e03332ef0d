/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A locked read-modify-write and an XCHG with memory are fences, even on volatile memory. */
#include "guest.h"

static volatile uint64_t word;

#define FLUSH(offset)                                                                              \
  do {                                                                                             \
    PM(uint64_t, offset) = 1;                                                                      \
    CLWB(PM_BASE + (offset));                                                                      \
  } while (0)

int main(void) {
  uint64_t value = 1, expected;
  pm_open(4096);
  FLUSH(0);
  __asm__ volatile("lock incq %0" : "+m"(word) : : "memory");
  FLUSH(64);
  __asm__ volatile("lock addl $1, %0" : "+m"(word) : : "memory");
  FLUSH(128);
  __asm__ volatile("xchgq %0, %1" : "+m"(word), "+r"(value) : : "memory");
  FLUSH(192);
  __asm__ volatile("lock xaddq %1, %0" : "+m"(word), "+r"(value) : : "memory");
  FLUSH(256);
  __asm__ volatile("lock btsq $3, %0" : "+m"(word) : : "memory");
  FLUSH(320);
  expected = word;
  __asm__ volatile("lock cmpxchgq %2, %0" : "+m"(word), "+a"(expected) : "r"(5l) : "memory");
  FLUSH(384);
  expected = word + 1; /* the exchange fails, but is a fence */
  __asm__ volatile("lock cmpxchgq %2, %0" : "+m"(word), "+a"(expected) : "r"(5l) : "memory");
  FLUSH(448);
  __asm__ volatile("lock notq %0" : "+m"(word) : : "memory");
  PM(uint64_t, 512) = 1; /* lost: 8 FLUSHED @512 */
  CLWB(PM_BASE + 512);
  __asm__ volatile("incq %0" : "+m"(word) : : "memory"); /* no lock prefix: no fence */
  END();
}
