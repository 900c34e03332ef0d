/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool --domain=eadr --flush-check=yes --mult-stores=yes */
/* With eADR a store is durable at once, and a non-temporal store after its fence.  Every flush is
 * unnecessary. */
#include "guest.h"

#define MOVNTI(offset) __asm__ volatile("movnti %1, %0" : "=m"(PM(uint64_t, offset)) : "r"(1ul))

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 0) = 2;
  CLWB(PM_BASE); /* unnecessary: 64 @0 */
  MOVNTI(64);
  SFENCE();
  MOVNTI(128); /* lost: 8 FLUSHED @128 */
  /* overwritten: 4 FLUSHED @196 */
  MOVNTI(192); /* lost: 4 FLUSHED @192 */
  PM(uint32_t, 196) = 1;
  VALGRIND_PMC_START_TX;
  PM(uint64_t, 256) = 1; /* outside-tx: 8 @256 */
  VALGRIND_PMC_END_TX;
  END();
}
