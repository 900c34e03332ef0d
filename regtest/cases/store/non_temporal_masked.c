/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -mavx2 -mmmx */
/* A masked non-temporal store stores only the selected bytes, each run of them as one store. */
#include "guest.h"

/* They select bytes 1, 2 and 14 of 16, and bytes 0, 1, 2 and 7 of 8. */
static const uint8_t mask16[16]
    __attribute__((aligned(16))) = {0, 0x80, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x7f};
static const uint8_t mask8[8] = {0x80, 0x80, 0x80, 1, 2, 3, 4, 0xff};

#define MASKED(text) __asm__ volatile(text : : "D"(PM_BASE + at) : "memory")

int main(void) {
  uint64_t at = 0;
  pm_open(4096);
  memset(PM_BASE, 0x55, 256);
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 256);
  __asm__ volatile("movaps %0, %%xmm1; movaps %0, %%xmm9; movq %1, %%mm3"
                   :
                   : "m"(mask16), "m"(mask8)
                   : "xmm1", "xmm9");
  MASKED("maskmovdqu %%xmm1, %%xmm0"); /* lost: 2 FLUSHED @1, 1 FLUSHED @14 */
  at = 64;
  MASKED("maskmovdqu %%xmm9, %%xmm0"); /* lost: 2 FLUSHED @65, 1 FLUSHED @78 */
  at = 128;
  MASKED("vmaskmovdqu %%xmm1, %%xmm0"); /* lost: 2 FLUSHED @129, 1 FLUSHED @142 */
  at = 192;
  MASKED("maskmovq %%mm3, %%mm0"); /* lost: 3 FLUSHED @192, 1 FLUSHED @199 */
  for (int i = 0; i < 256; i++)
    if (PM_BASE[i] != 0x55 && i % 64 > 16) _exit(2);
  if (PM_BASE[0] != 0x55 || PM_BASE[15] != 0x55 || PM_BASE[195] != 0x55) _exit(1);
  END();
}
