/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store that is never flushed is not durable, with or without a fence. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1; /* lost: 8 DIRTY @0 */
  SFENCE();
  PM(uint32_t, 128) = 2; /* lost: 4 DIRTY @128 */
  END();
}
