/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --print-summary=no --print-summary=yes */
/* The default, said aloud; the last word counts. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  END();
}
