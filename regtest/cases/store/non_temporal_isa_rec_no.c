/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cflags: -mmovdiri */
/* options: --isa-rec=no */
/* mapping: registered */
/* With --isa-rec=no, a non-temporal store counts as an ordinary store. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  __asm__ volatile("movnti %1, %0" : "=m"(PM(uint64_t, 0)) : "r"(1ul));   /* lost: 8 DIRTY @0 */
  __asm__ volatile("movdiri %1, %0" : "=m"(PM(uint64_t, 64)) : "r"(1ul)); /* lost: 8 DIRTY @64 */
  __asm__ volatile("movnti %1, %0" : "=m"(PM(uint64_t, 128)) : "r"(1ul));
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 128, 8);
  VALGRIND_PMC_DO_FENCE;
  END();
}
