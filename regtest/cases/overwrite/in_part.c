/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --mult-stores=yes */
/* Only the overwritten part of a store is reported; the parts on either side stay outstanding. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* overwritten: 4 DIRTY @2 */   /* lost: 2 DIRTY @0, 2 DIRTY @6 */
  PM(uint32_t, 2) = 2;                                 /* lost: 4 DIRTY @2 */
  PM(uint64_t, 64) = 1;                                /* overwritten: 8 DIRTY @64 */
  PM(uint32_t, 72) = 2;                                /* overwritten: 4 DIRTY @72 */
  PM(uint64_t, 76) = 3; /* overwritten: 4 DIRTY @76 */ /* lost: 4 DIRTY @80 */
  /* lost: 16 DIRTY @64 */
  __asm__ volatile("movups %%xmm0, %0" : "=m"(PM(char, 64)));
  END();
}
