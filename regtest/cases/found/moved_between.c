/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* Entries that touch only because mremap moved one of them do not join, although one place made all
 * the stores. */
#include "guest.h"

static void store_over(size_t edge) {
  /* lost: 8 DIRTY @4088, 8 DIRTY @32760, 8 DIRTY @32768 */
  /* lost: 8 DIRTY @32768 from over */
  for (size_t i = edge - 8; i < edge + 8; i++) PM(char, i) = 1;
}

int main(void) {
  close(pm_map_file(16 * 4096));
  store_over(4096);
  store_over(8 * 4096);
  char* there = PM_BASE + 8 * 4096;
  /* here: over */ mremap(PM_BASE + 4096, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, there);
  END();
}
