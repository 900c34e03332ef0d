/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --print-summary=no */
/* No report at exit, whatever there is to say. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  END();
}
