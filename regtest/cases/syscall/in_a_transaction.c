/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --mult-stores=yes */
/* Stores of the kernel can be overwritten, and can lie outside a transaction. */
#include "guest.h"

int main(void) {
  int zero = open("/dev/zero", O_RDONLY);
  pm_open(4096);
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 64);
  if (read(zero, PM_BASE, 64) != 64) pm_fail("read"); /* overwritten: 64 DIRTY @0 via read */
  if (read(zero, PM_BASE, 64) != 64) pm_fail("read"); /* lost: 64 DIRTY @0 via read */
  /* lost: 8 DIRTY @128 via read */
  /* outside-tx: 8 @128 via read */
  if (read(zero, PM_BASE + 128, 8) != 8) pm_fail("read");
  VALGRIND_PMC_END_TX;
  END();
}
