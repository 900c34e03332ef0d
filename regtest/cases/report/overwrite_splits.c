/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store over part of an older entry removes that part; each remaining side stays an entry. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  for (int i = 0; i < 64; i += 8) PM(uint64_t, i) = 1; /* lost: 20 DIRTY @0, 36 DIRTY @28 */
  PM(uint64_t, 20) = 2;                                /* lost: 8 DIRTY @20 */
  PM(uint64_t, 128) = 1;                               /* lost: 4 DIRTY @128 */
  PM(uint64_t, 132) = 2;                               /* lost: 8 DIRTY @132 */
  PM(uint64_t, 256) = 1;
  PM(uint64_t, 256) = 2; /* lost: 8 DIRTY @256 */
  PM(uint32_t, 388) = 1;
  PM(uint64_t, 384) = 2; /* lost: 8 DIRTY @384 */
  END();
}
