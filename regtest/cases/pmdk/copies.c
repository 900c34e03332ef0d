/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libs: pmem */
/* libpmem's copying functions persist everything that they copy, for many sizes and alignments of
 * the copy. */
#include "guest.h"
#include <libpmem.h>

int main(void) {
  static char text[20000] = "text";
  pm_open(1 << 20);
  for (size_t size = 1; size <= 20000; size = size * 3 / 2 + 1) {
    for (size_t shift = 0; shift < 70; shift += 23) {
      pmem_memcpy_persist(PM_BASE + shift, text, size);
      pmem_memset_persist(PM_BASE + 65536 + shift, 1, size);
      pmem_memmove_persist(PM_BASE + 65536 + 5, PM_BASE + 65536, size);
    }
  }
  memset(PM_BASE, 1, 4096);
  pmem_persist(PM_BASE, 4096);
  END();
}
