/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adjacent stores of one source line are one entry, in a loop upwards or downwards. */
#include "guest.h"

int main(void) {
  pm_open(8192);
  for (int i = 0; i < 800; i += 8) PM(uint64_t, i) = 1;         /* lost: 800 DIRTY @0 */
  for (int i = 800; i > 0; i -= 8) PM(uint64_t, 1024 + i) = 1;  /* lost: 800 DIRTY @1032 */
  for (int i = 0; i < 800; i += 16) PM(uint64_t, 2048 + i) = 1; /* lost: 8 DIRTY x50 */
  for (int i = 0; i < 5; i++) PM(uint64_t, 4096) = 1;           /* lost: 8 DIRTY @4096 */
  for (int i = 0; i < 60; i++) PM(uint32_t, 4160 + i) = 1;      /* lost: 63 DIRTY @4160 */
  /* Two instructions of one source line. */
  PM(uint64_t, 6144) = 1, PM(uint64_t, 6152) = 2; /* lost: 16 DIRTY @6144 */
  END();
}
