/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exit: 3 */
/* stdout: to stdout */
/* Findings change neither the exit status nor the output of the guest. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  puts("to stdout");
  return 3;
}
