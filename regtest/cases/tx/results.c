/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: start 0 0 */
/* stdout: start n 0 0 */
/* stdout: own: add 0 remove 0, end 0 0 1 */
/* stdout: 7: add 0 remove 0, end 0 0 1 */
/* stdout: none: add 1 1 remove 1 1, thread 1 1, end 1 1 */
/* stdout: other: not in it 2 2 2 */
/* stdout: other: joined 0 0 0 0 */
/* stdout: other: left 2 2 2 */
/* stdout: ignore 0 */
/* The result of each request about transactions. */
#include "guest.h"

/* The macros START_TX and END_TX are statements, but the requests have results. */
static int ask(unsigned number) {
  return (int)VALGRIND_DO_CLIENT_REQUEST_EXPR(-1, VG_USERREQ_TOOL_BASE('P', 'C') + number, 0, 0, 0,
                                              0, 0);
}

#define START_TX 0x12
#define END_TX 0x14
#define ANSWER(request) ((int)VALGRIND_PMC_##request)

static void* other(void* unused) {
  printf("other: not in it %d", ANSWER(ADD_TO_TX_N(7, PM_BASE, 8)));
  printf(" %d", ANSWER(REMOVE_FROM_TX_N(7, PM_BASE, 8)));
  printf(" %d\n", ANSWER(REMOVE_THREAD_FROM_TX_N(7)));
  printf("other: joined %d", ANSWER(ADD_THREAD_TX_N(7)));
  printf(" %d", ANSWER(ADD_TO_TX_N(7, PM_BASE, 8)));
  printf(" %d", ANSWER(REMOVE_FROM_TX_N(7, PM_BASE, 8)));
  printf(" %d\n", ANSWER(REMOVE_THREAD_FROM_TX_N(7)));
  printf("other: left %d", ANSWER(ADD_TO_TX_N(7, PM_BASE, 8)));
  printf(" %d", ANSWER(REMOVE_FROM_TX_N(7, PM_BASE, 8)));
  printf(" %d\n", ANSWER(REMOVE_THREAD_FROM_TX_N(7)));
  return unused;
}

int main(void) {
  pm_open(4096);
  printf("start %d", ask(START_TX));
  printf(" %d\n", ask(START_TX));
  printf("start n %d", ANSWER(START_TX_N(7)));
  printf(" %d\n", ANSWER(START_TX_N(7)));
  printf("own: add %d", ANSWER(ADD_TO_TX(PM_BASE, 8)));
  printf(" remove %d", ANSWER(REMOVE_FROM_TX(PM_BASE, 8)));
  printf(", end %d", ask(END_TX));
  printf(" %d", ask(END_TX));
  printf(" %d\n", ask(END_TX));
  printf("7: add %d", ANSWER(ADD_TO_TX_N(7, PM_BASE, 8)));
  printf(" remove %d", ANSWER(REMOVE_FROM_TX_N(7, PM_BASE, 8)));
  printf(", end %d", ANSWER(END_TX_N(7)));
  printf(" %d", ANSWER(END_TX_N(7)));
  printf(" %d\n", ANSWER(END_TX_N(7)));
  printf("none: add %d", ANSWER(ADD_TO_TX(PM_BASE, 8)));
  printf(" %d", ANSWER(ADD_TO_TX_N(8, PM_BASE, 8)));
  printf(" remove %d", ANSWER(REMOVE_FROM_TX(PM_BASE, 8)));
  printf(" %d", ANSWER(REMOVE_FROM_TX_N(8, PM_BASE, 8)));
  printf(", thread %d", ANSWER(ADD_THREAD_TX_N(8)));
  printf(" %d", ANSWER(REMOVE_THREAD_FROM_TX_N(8)));
  printf(", end %d", ask(END_TX));
  printf(" %d\n", ANSWER(END_TX_N(8)));

  VALGRIND_PMC_START_TX_N(7);
  pm_run_thread(other, NULL);
  VALGRIND_PMC_END_TX_N(7);
  printf("ignore %d\n", ANSWER(ADD_TO_GLOBAL_TX_IGNORE(PM_BASE, 8)));
  return 0;
}
