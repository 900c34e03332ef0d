/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store joins an adjacent entry only if that entry is in the same state at that time; entries do
 * not join later. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  for (int i = 0; i < 3; i++) {
    PM(uint64_t, 56 + 64 * i) = 1; /* lost: 8 FLUSHED x3 */
    PM(uint64_t, 48 + 64 * i) = 1; /* lost: 8 FLUSHED x3 */
    CLWB(PM_BASE + 56 + 64 * i);
  }
  for (int i = 0; i < 2; i++) {
    for (int j = 0; j < 8; j++) PM(uint64_t, 256 + 64 * i + 8 * j) = 1; /* lost: 64 FLUSHED x2 */
    CLWB(PM_BASE + 256 + 64 * i);
  }
  END();
}
