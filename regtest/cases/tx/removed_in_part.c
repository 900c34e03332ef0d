/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A range from which a part is removed keeps the rest, on both sides. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 64);
  VALGRIND_PMC_REMOVE_FROM_TX(PM_BASE + 8, 8);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 8) = 1;  /* outside-tx: 8 @8 */
  PM(uint64_t, 4) = 1;  /* outside-tx: 8 @4 */
  PM(uint64_t, 12) = 1; /* outside-tx: 8 @12 */
  PM(uint64_t, 16) = 1;
  PM(uint64_t, 56) = 1;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 128, 64);
  VALGRIND_PMC_ADD_TO_TX(PM_BASE + 256, 64);
  VALGRIND_PMC_REMOVE_FROM_TX(PM_BASE + 190, 67);
  PM(uint16_t, 188) = 1;
  PM(uint8_t, 190) = 1; /* outside-tx: 1 @190 */
  PM(uint8_t, 256) = 1; /* outside-tx: 1 @256 */
  PM(uint8_t, 257) = 1;
  VALGRIND_PMC_REMOVE_FROM_TX(PM_BASE, 4096);
  PM(uint64_t, 0) = 1;   /* outside-tx: 8 @0 */
  PM(uint64_t, 300) = 1; /* outside-tx: 8 @300 */
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
