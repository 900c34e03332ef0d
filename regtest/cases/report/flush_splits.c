/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flush splits an entry at the edges of what it covers. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  for (int i = 0; i < 256; i += 8)
    PM(uint64_t, i) = 1; /* lost: 64 DIRTY @0, 64 FLUSHED @64, 128 DIRTY @128 */
  CLWB(PM_BASE + 64);
  for (int i = 512; i < 768; i += 8) PM(uint64_t, i) = 1; /* lost: 64 FLUSHED x4 */
  for (int i = 512; i < 768; i += 64) CLWB(PM_BASE + i);
  for (int i = 1024; i < 1280; i += 8)
    PM(uint64_t, i) = 1; /* lost: 100 DIRTY @1024, 56 FLUSHED @1124, 100 DIRTY @1180 */
  VALGRIND_PMC_DO_FLUSH(PM_BASE + 1124, 56);
  END();
}
