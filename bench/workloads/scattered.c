/* SPDX-License-Identifier: GPL-2.0-or-later */
/* N stores, each to a line of its own, in shuffled order; each line flushed; one fence. */
#include "workload.h"

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 40000);
  char* p = map_pmem(n * LINE);
  for (size_t i = 0; i < n; i++) *(volatile uint64_t*)(p + shuffled(i, n) * LINE) = i;
  for (size_t i = 0; i < n; i++) pmem_flush(p + shuffled(i, n) * LINE, 8);
  pmem_drain();
  return 0;
}
