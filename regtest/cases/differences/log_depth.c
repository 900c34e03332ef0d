/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --log-stores=yes --log-stores-stacktraces=yes --log-stores-stacktraces-depth=20 */
/* The log holds as many frames as the stack has. */
#include "guest.h"

static void store(void) {
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY */
}

int main(void) {
  pm_open(4096);
  store();
  END();
}
