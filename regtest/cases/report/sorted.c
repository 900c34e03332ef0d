/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries are in the order of their addresses, not in the order of the stores. */
#include "guest.h"

int main(void) {
  pm_open(1 << 20);
  for (int i = 0; i < 5000; i++)
    PM(uint32_t, (long)i * 40503 % 65536 * 16) = 1; /* lost: 4 DIRTY x5000 */
  END();
}
