/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --isa-rec=no */
/* With --isa-rec=no, flush and fence instructions run, but only requests count. */
#include "guest.h"

static volatile uint64_t word;

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  CLWB(PM_BASE);
  SFENCE();
  PM(uint64_t, 64) = 1; /* lost: 8 DIRTY @64 */
  CLFLUSHOPT(PM_BASE + 64);
  MFENCE();
  PM(uint64_t, 128) = 1; /* lost: 8 DIRTY @128 */
  CLFLUSH(PM_BASE + 128);
  PM(uint64_t, 192) = 1;
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 192, 8);
  VALGRIND_PMC_DO_FENCE;
  PM(uint64_t, 256) = 1; /* lost: 8 FLUSHED @256 */
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 256, 8);
  SFENCE();
  MFENCE();
  __asm__ volatile("lock incq %0" : "+m"(word) : : "memory");
  END();
}
