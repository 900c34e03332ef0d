/* SPDX-License-Identifier: GPL-2.0-or-later */
/* N stores that do not touch and are never flushed, so that each is a finding. */
#include "workload.h"

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 20000);
  char* p = map_pmem(n * LINE);
  for (size_t i = 0; i < n; i++) *(volatile uint64_t*)(p + shuffled(i, n) * LINE) = i;
  return 0;
}
