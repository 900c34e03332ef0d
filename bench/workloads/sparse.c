/* SPDX-License-Identifier: GPL-2.0-or-later */
/* N stores in 4 GiB, each persisted: at equal distances, or with a second argument anywhere. */
#include "workload.h"

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 4096), bytes = (size_t)4 << 30;
  char* p = map_pmem(bytes);
  for (size_t i = 0; i < n; i++) {
    char* at = p + (argc > 2 ? next_random() % bytes : i * (bytes / n)) / 8 * 8;
    *(volatile uint64_t*)at = i;
    pmem_persist(at, 8);
  }
  return 0;
}
