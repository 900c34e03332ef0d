/* SPDX-License-Identifier: GPL-2.0-or-later */
/* N stores of 8 bytes, each persisted before the next. */
#include "workload.h"

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 2000000), bytes = 1 << 20;
  char* p = map_pmem(bytes);
  for (size_t i = 0; i < n; i++) {
    volatile uint64_t* at = (uint64_t*)(p + i * 72 % bytes / 8 * 8);
    *at = i;
    pmem_persist((void*)at, 8);
  }
  return 0;
}
