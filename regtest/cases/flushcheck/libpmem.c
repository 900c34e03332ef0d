/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libs: pmem */
/* env: PMEM_MOVNT_THRESHOLD=0 PMEM_IS_PMEM_FORCE=1 */
/* options: --flush-check=yes */
/* libpmem requests DO_FLUSH for its own non-temporal stores: this is not a redundant flush. */
#include "guest.h"
#include <libpmem.h>

int main(void) {
  static char text[20000] = "text";
  pm_open(1 << 20);
  for (size_t size = 64; size <= 16384; size *= 4) {
    pmem_memcpy_persist(PM_BASE, text, size);
    pmem_memset(PM_BASE + 65536, 1, size, PMEM_F_MEM_NONTEMPORAL);
    pmem_memcpy(PM_BASE + 131072, text, size, PMEM_F_MEM_NONTEMPORAL | PMEM_F_MEM_NODRAIN);
    pmem_drain();
  }
  END();
}
