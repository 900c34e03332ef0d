/* SPDX-License-Identifier: GPL-2.0-or-later */
/* logs: Warning: deprecated pmemcheck client request code 0x50430009 */
/* logs: Warning: deprecated pmemcheck client request code 0x5043000a */
/* logs: Warning: deprecated pmemcheck client request code 0x5043000b */
/* logs: Warning: deprecated pmemcheck client request code 0x5043000c */
/* logs: Warning: deprecated pmemcheck client request code 0x5043000d */
/* logs: Warning: deprecated pmemcheck client request code 0x5043000e */
/* logs: Warning: deprecated pmemcheck client request code 0x5043000f */
/* logs: Warning: deprecated pmemcheck client request code 0x50430010 */
/* logs: Warning: deprecated pmemcheck client request code 0x5043001d */
/* logs: Warning: unknown pmemcheck client request code 0x50430026 */
/* logs: Warning: unknown pmemcheck client request code 0x504300ff */
/* logs: Warning: unknown pmemcheck client request code 0x5043ffff */
/* stdout: 0 */
/* Each reserved request but RESERVED1 prints a warning, and all of them return 0. */
#include "guest.h"

static unsigned long ask(unsigned number) {
  return VALGRIND_DO_CLIENT_REQUEST_EXPR(0, VG_USERREQ_TOOL_BASE('P', 'C') + number, 0, 0, 0, 0, 0);
}

int main(void) {
  unsigned long answers = ask(0x07);
  for (unsigned number = 0x09; number <= 0x10; number++) answers |= ask(number);
  answers |= ask(0x1d) | ask(0x26) | ask(0xff) | ask(0xffff);
  printf("%lu\n", answers);
  return 0;
}
