/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PMDK's libraries find out with these requests whether they run under the tool. */
#include "guest.h"

int main(void) {
  static volatile int probe;
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(&probe, sizeof probe);
  int answer = (int)VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(&probe, sizeof probe);
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(&probe, sizeof probe);
  probe = 1;
  return answer == 1 ? 0 : 1;
}
