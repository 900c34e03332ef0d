/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: 0 0 */
/* What the requests for the log of stores answer. */
#include "guest.h"

int main(void) {
  pm_open(4096);
  printf("%d %d\n", (int)VALGRIND_PMC_EMIT_LOG("text"), (int)VALGRIND_PMC_DEEP_SYNC(PM_BASE, 4096));
  return 0;
}
