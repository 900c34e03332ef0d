/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=yes */
/* Flushes of lines that were not stored to. */
#include "guest.h"

static void flush(long at) {
  CLWB(PM_BASE + at); /* unnecessary: 64 @0, 64 @128 */
}

int main(void) {
  pm_open(4096);
  flush(8);
  flush(128);
  END();
}
