/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adjacent stores of one source line are separate entries if their callers differ. */
#include "guest.h"

static void store(int at) {
  PM(uint64_t, at) = 1; /* lost: 8 DIRTY @0, 8 DIRTY @8, 24 DIRTY @16, 8 DIRTY @40 */
}

static void deeper(int at) {
  store(at);
}

int main(void) {
  pm_open(4096);
  store(0);
  store(8);
  for (int i = 0; i < 3; i++) store(16 + 8 * i);
  deeper(40);
  END();
}
