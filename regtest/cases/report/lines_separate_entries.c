/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adjacent stores of different source lines are separate entries. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;  /* lost: 8 DIRTY @0 */
  PM(uint64_t, 8) = 2;  /* lost: 8 DIRTY @8 */
  PM(uint64_t, 16) = 3; /* lost: 8 DIRTY @16 */
  for (int i = 0; i < 3; i++) {
    PM(uint64_t, 64 + 16 * i) = 1; /* lost: 8 DIRTY x3 */
    PM(uint64_t, 72 + 16 * i) = 1; /* lost: 8 DIRTY x3 */
  }
  END();
}
