/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Code that was translated before any memory was persistent reports its later persistent stores. */
#include "guest.h"

static void store_in_many_ways(char* to) {
  *(volatile uint64_t*)(to + 0) = 1;  /* lost: 8 DIRTY @0 */
  *(volatile uint64_t*)(to + 64) = 1; /* lost: 8 DIRTY @64 */
  __asm__ volatile("rep stosb"        /* lost: 16 DIRTY @128 */
                   :
                   : "D"(to + 128), "a"(7), "c"(16)
                   : "memory");
  __asm__ volatile("movnti %0, 192(%1)" : : "r"(1L), "r"(to) : "memory"); /* lost: 8 FLUSHED @192 */
  __asm__ volatile("movups %%xmm0, 248(%0)" : : "r"(to) : "memory");      /* lost: 16 DIRTY @248 */
  __asm__ volatile("fxsave (%0)" : : "r"(to + 512) : "memory");           /* lost: 416 DIRTY @512 */
}

static void swap(char* to) {
  __sync_bool_compare_and_swap((uint64_t*)to, 0, 1); /* lost: 8 DIRTY @320 */
}

/* Called through a pointer, each function is translated once, by itself. */
static void (*volatile call[])(char*) = {swap, store_in_many_ways};

int main(void) {
  static char volatile_memory[4096] __attribute__((aligned(64)));
  for (int i = 0; i < 3; i++) {
    call[0](volatile_memory + 320);
    call[1](volatile_memory);
  }
  pm_open(4096);
  call[0](PM_BASE + 320);
  call[1](PM_BASE);
  END();
}
