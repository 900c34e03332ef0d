/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --mult-stores=no --indiff=3 */
/* With --mult-stores=no, overwritten stores are no findings, and stores join. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 0) = 2;                                      /* lost: 8 DIRTY @0 */
  for (int i = 0; i < 8; i++) PM(uint64_t, 64 + i * 8) = 1; /* lost: 64 DIRTY @64 */
  END();
}
