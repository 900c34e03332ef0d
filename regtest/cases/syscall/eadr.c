/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options: --domain=eadr */
/* With eADR, stores of the kernel are durable at once, as are those of the program. */
#include "guest.h"

int main(void) {
  int zero = open("/dev/zero", O_RDONLY);
  pm_open(4096);
  if (read(zero, PM_BASE, 64) != 64) pm_fail("read");
  END();
}
