/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libs: pmem */
/* libpmem flushes with instructions, which the tool recognises: they cover the whole cache line,
 * and not only the bytes that the library was asked to persist. */
#include "guest.h"
#include <libpmem.h>

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 32) = 1;
  pmem_persist(PM_BASE, 8);
  PM(uint64_t, 64) = 1; /* lost: 8 FLUSHED @64 */
  PM(uint64_t, 96) = 1; /* lost: 8 FLUSHED @96 */
  pmem_flush(PM_BASE + 64, 8);
  END();
}
