/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libs: pmem */
/* options: --isa-rec=no */
/* With --isa-rec=no, libpmem persists nothing, because it flushes with instructions only. */
#include "guest.h"
#include <libpmem.h>

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  pmem_persist(PM_BASE, 8);
  END();
}
