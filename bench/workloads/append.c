/* SPDX-License-Identifier: GPL-2.0-or-later */
/* N records of 24 bytes appended to a log, each persisted, and the log's end after it. */
#include "workload.h"

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 1000000), bytes = 32 << 20;
  char* p = map_pmem(bytes);
  volatile uint64_t* end = (uint64_t*)p;
  size_t at = LINE;
  for (size_t i = 0; i < n; i++) {
    uint64_t record[3] = {i, next_random(), at};
    if (at + sizeof record > bytes) at = LINE;
    pmem_memcpy_persist(p + at, record, sizeof record);
    at += sizeof record;
    *end = at;
    pmem_persist(p, 8);
  }
  return 0;
}
