/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 0 0 */
/* The requests that write to the log of stores return 0. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  printf("%d %d\n", (int)VALGRIND_PMC_EMIT_LOG("text"), (int)VALGRIND_PMC_DEEP_SYNC(PM_BASE, 4096));
  return 0;
}
