/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 3 calls failed */
/* A system call that fails, or that only reads persistent memory, stores nothing there. */
#include "guest.h"
#include <sys/random.h>

int main(void) {
  int zero = open("/dev/zero", O_RDONLY);
  int null = open("/dev/null", O_WRONLY);
  pm_open(8192);
  mprotect(PM_BASE + 4096, 4096, PROT_READ);
  int failed = read(-1, PM_BASE, 64) < 0;
  failed += read(zero, PM_BASE + 4096, 64) < 0;
  failed += getrandom(PM_BASE + 4096, 64, 0) < 0;
  if (write(null, PM_BASE, 64) != 64) pm_fail("write");
  printf("%d calls failed\n", failed);
  return 0;
}
