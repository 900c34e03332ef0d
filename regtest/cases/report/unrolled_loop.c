/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -O1 */
/* The stores of a loop that Valgrind unrolls, beginning with the store, are one entry. */
#include "guest.h"

__attribute__((noinline)) static void fill(volatile uint64_t* from, volatile uint64_t* to) {
  __asm__ volatile("1: movq %0, (%0)\n" /* lost: 800 DIRTY @0 by fill < main */
                   "add $8, %0\n"
                   "cmp %1, %0\n"
                   "jne 1b"
                   : "+r"(from)
                   : "r"(to)
                   : "memory");
}

int main(void) {
  pm_open(4096);
  fill((uint64_t*)PM_BASE, (uint64_t*)(PM_BASE + 800));
  for (int i = 1024; i < 1824; i += 8) PM(uint64_t, i) = 1; /* lost: 800 DIRTY @1024 by main */
  END();
}
