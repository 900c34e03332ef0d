/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --print-summary=no --print-summary=yes */
/* --print-summary=yes prints the report at exit; the last of two settings counts. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  END();
}
