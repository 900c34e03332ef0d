/* SPDX-License-Identifier: GPL-2.0-or-later */
/* N stores at random places of 64 MiB; one DO_FLUSH of all; one DO_FENCE. */
#include "workload.h"

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 1000000), bytes = 64 << 20;
  char* p = map_pmem(bytes);
  for (size_t i = 0; i < n; i++) *(volatile uint64_t*)(p + next_random() % bytes / 8 * 8) = i;
  VALGRIND_PMC_DO_FLUSH(p, bytes);
  VALGRIND_PMC_DO_FENCE;
  return 0;
}
