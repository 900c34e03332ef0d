/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stores of calls that use the same stack slots in turn are reported with their own callers. */
#include "guest.h"

static void leaf(int at) {
  /* lost: 8 DIRTY by leaf < one < main x50 */
  /* lost: 8 DIRTY by leaf < two < main x50 */
  PM(uint64_t, at) = 1;
}

static void one(int at) {
  leaf(at);
}
static void two(int at) {
  leaf(at);
}

int main(void) {
  pm_open(8192);
  for (int i = 0; i < 100; i++) {
    if (i % 2)
      one(i * 64);
    else
      two(i * 64);
  }
  END();
}
