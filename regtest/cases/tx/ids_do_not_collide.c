/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: none 1 */
/* stdout: begun 0 */
/* stdout: ended 1 1 */
/* No id, whatever its value, refers to a thread's own transaction. */
#include "guest.h"

int main(void) {
  int some = 0;
  pm_open(4096);
  VALGRIND_PMC_START_TX;
  for (long id = -2; id < 600; id++) some |= (int)VALGRIND_PMC_END_TX_N(id) ^ 1;
  printf("none %d\n", 1 - some);
  for (long id = -2; id < 600; id++) some |= (int)VALGRIND_PMC_START_TX_N(id);
  printf("begun %d\n", some);
  VALGRIND_PMC_ADD_TO_TX(PM_BASE, 8);
  PM(uint64_t, 0) = 1;
  VALGRIND_PMC_END_TX; /* ends it: it would have a second level if an id referred to it */
  PM(uint64_t, 0) = 2; /* outside-tx: 8 @0 */
  int answer = (int)VALGRIND_PMC_ADD_TO_TX(PM_BASE, 8);
  for (long id = -2; id < 600; id++) some |= (int)VALGRIND_PMC_END_TX_N(id);
  printf("ended %d %d\n", answer, 1 - some);
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 4096);
  return 0;
}
