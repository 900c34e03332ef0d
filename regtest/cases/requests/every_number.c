/* SPDX-License-Identifier: GPL-2.0-or-later */
/* logs: Warning: unknown pmemcheck client request code 0x50430026 */
/* logs: Warning: unknown pmemcheck client request code 0x50430027 */
/* logs: Warning: unknown pmemcheck client request code 0x50437fff */
/* Every request number up to 0x25 is known; 0x26 is the first unknown one. */
#include "guest.h"

int main(void) {
  VALGRIND_PMC_START_TX;
  VALGRIND_PMC_START_TX_N(1);
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 8);
  VALGRIND_PMC_ADD_TO_TX_N(1, PM_BASE + 64, 8);
  VALGRIND_PMC_REMOVE_FROM_TX(PM_BASE, 8);
  VALGRIND_PMC_REMOVE_FROM_TX_N(1, PM_BASE + 64, 8);
  VALGRIND_PMC_ADD_THREAD_TX_N(1);
  VALGRIND_PMC_REMOVE_THREAD_FROM_TX_N(1);
  VALGRIND_PMC_END_TX;
  VALGRIND_PMC_END_TX_N(1);
  VALGRIND_PMC_ADD_TO_GLOBAL_TX_IGNORE(PM_BASE, 8);
  VALGRIND_PMC_EMIT_LOG("text"); /* no log and no trace are written: no effect */
  VALGRIND_PMC_DEEP_SYNC(PM_BASE, 8);
  VALGRIND_PMC_COUNT_FINDINGS;
  VALGRIND_PMC_DISABLE_REPORTING;
  VALGRIND_PMC_ENABLE_REPORTING;
  VALGRIND_PMC_NAME_RANGE(PM_BASE, 8, "name");
  VALGRIND_PMC_ASSERT_DURABLE(PM_BASE, 8);
  VALGRIND_PMC_ASSERT_DURABLE_BEFORE(PM_BASE, 8, PM_BASE + 64, 8);
  for (unsigned number = 0x26; number <= 0x7fff; number += number == 0x27 ? 0x7fd8 : 1)
    (void)VALGRIND_DO_CLIENT_REQUEST_EXPR(0, VG_USERREQ_TOOL_BASE('P', 'C') + number, 0, 0, 0, 0,
                                          0);
  return 0;
}
