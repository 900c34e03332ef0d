/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --flush-check=yes */
/* A line flushed twice before the fence. */
#include "guest.h"

static void flush(void) {
  CLWB(PM_BASE); /* here: FLUSH */
}

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;  /* redundant: 8 @0 from FLUSH */
  PM(uint32_t, 16) = 1; /* redundant: 4 @16 from FLUSH */
  flush();
  flush();
  SFENCE();
  END();
}
