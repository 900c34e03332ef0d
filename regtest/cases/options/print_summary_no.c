/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --print-summary=no */
/* --print-summary=no leaves out the report at exit. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  END();
}
