/* SPDX-License-Identifier: GPL-2.0-or-later */
/* N copies of 4 KiB, each persisted. */
#include "workload.h"

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 8000), bytes = 16 << 20;
  static char page[4096] = "a page";
  char* p = map_pmem(bytes);
  for (size_t i = 0; i < n; i++) pmem_memcpy_persist(p + i * 4096 % bytes, page, sizeof page);
  return 0;
}
