/* SPDX-License-Identifier: GPL-2.0-or-later */
/* logs: Warning: unknown pmemcheck client request code 0x50430012 */
/* logs: Warning: unknown pmemcheck client request code 0x50430013 */
/* logs: Warning: unknown pmemcheck client request code 0x50430014 */
/* logs: Warning: unknown pmemcheck client request code 0x50430015 */
/* logs: Warning: unknown pmemcheck client request code 0x50430016 */
/* logs: Warning: unknown pmemcheck client request code 0x50430017 */
/* logs: Warning: unknown pmemcheck client request code 0x50430018 */
/* logs: Warning: unknown pmemcheck client request code 0x50430019 */
/* logs: Warning: unknown pmemcheck client request code 0x5043001a */
/* logs: Warning: unknown pmemcheck client request code 0x5043001b */
/* logs: Warning: unknown pmemcheck client request code 0x5043001c */
/* logs: Warning: unknown pmemcheck client request code 0x5043001e */
/* logs: Warning: unknown pmemcheck client request code 0x5043001f */
/* stdout: 0 */
/* Requests that the tool does not handle yet. */
#include "guest.h"

int main(void) {
  unsigned long answers = 0;
  VALGRIND_PMC_START_TX;
  answers |= VALGRIND_PMC_START_TX_N(1);
  VALGRIND_PMC_END_TX;
  answers |= VALGRIND_PMC_END_TX_N(1);
  answers |= VALGRIND_PMC_ADD_TO_TX(PM_BASE, 8);
  answers |= VALGRIND_PMC_ADD_TO_TX_N(1, PM_BASE, 8);
  answers |= VALGRIND_PMC_REMOVE_FROM_TX(PM_BASE, 8);
  answers |= VALGRIND_PMC_REMOVE_FROM_TX_N(1, PM_BASE, 8);
  answers |= VALGRIND_PMC_ADD_THREAD_TX_N(1);
  answers |= VALGRIND_PMC_REMOVE_THREAD_FROM_TX_N(1);
  answers |= VALGRIND_PMC_ADD_TO_GLOBAL_TX_IGNORE(PM_BASE, 8);
  answers |= VALGRIND_PMC_EMIT_LOG("text");
  answers |= VALGRIND_PMC_DEEP_SYNC(PM_BASE, 8);
  printf("%lu\n", answers);
  return 0;
}
