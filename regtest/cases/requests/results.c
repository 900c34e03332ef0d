/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stdout: register 0 */
/* stdout: check 1 */
/* stdout: file 0 0 1 1 */
/* stdout: flush 0 */
/* stdout: clean 0 */
/* stdout: remove 0 */
/* stdout: nothing left 0 */
/* The result of each request about mappings, files and flushes. */
#include "guest.h"

int main(void) {
  char* p = pm_map(4096);
  printf("register %d\n", (int)VALGRIND_PMC_REGISTER_PMEM_MAPPING(p, 4096));
  printf("check %d\n", (int)VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(p, 4096));
  printf("file %d %d %d %d\n", (int)VALGRIND_PMC_REGISTER_PMEM_FILE(0, p, 4096, 0),
         (int)VALGRIND_PMC_REGISTER_PMEM_FILE(1, p, 4096, 4096),
         (int)VALGRIND_PMC_REGISTER_PMEM_FILE(-1, p, 4096, 0),
         (int)VALGRIND_PMC_REGISTER_PMEM_FILE(1000, p, 4096, 0));
  printf("flush %d\n", (int)VALGRIND_PMC_DO_FLUSH(p, 4096));
  printf("clean %d\n", (int)VALGRIND_PMC_SET_CLEAN(p, 4096));
  printf("remove %d\n", (int)VALGRIND_PMC_REMOVE_PMEM_MAPPING(p, 4096));
  printf("nothing left %d\n", (int)VALGRIND_PMC_CHECK_IS_PMEM_MAPPING(p, 4096));
  return 0;
}
