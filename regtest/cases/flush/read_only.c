/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read-only memory can be flushed. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  if (mprotect(PM_BASE, 4096, PROT_READ) != 0) pm_fail("mprotect");
  CLWB(PM_BASE);
  CLFLUSHOPT(PM_BASE);
  CLFLUSH(PM_BASE + 63);
  SFENCE();
  END();
}
