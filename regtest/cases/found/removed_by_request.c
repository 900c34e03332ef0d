/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --pmem-file=*[/]pool */
/* REMOVE_PMEM_MAPPING also works on a mapping that the tool found. */
#include "guest.h"

int main(void) {
  close(pm_map_file(2 * 4096));
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE, 4096);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 4096) = 1; /* lost: 8 DIRTY @4096 */
  END();
}
