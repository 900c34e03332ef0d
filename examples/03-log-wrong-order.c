/* 03-log-wrong-order.c: a log that publishes an entry before the entry is durable.
 *
 * Everything is durable at exit, so the report at exit finds nothing.  But a power failure between
 * the two persists leaves a count that includes an entry which is lost.  The program asks pmemcheck
 * for a report at the moment that matters: when the count is durable, what is not?
 *
 * usage: 03-log-wrong-order FILE   (the file is created or overwritten)
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <libpmem.h>
#include <stdint.h>
#include <stdio.h>

#include <valgrind/pmemcheck.h>

struct log {
  uint64_t count; /* entries that recovery may read */
  char pad[56];
  uint64_t entries[8];
};

static void append(struct log* log, uint64_t entry) {
  const uint64_t place = log->count;

  log->entries[place] = entry;
  log->count = place + 1;
  pmem_persist(&log->count, sizeof log->count); /* published ... */
  VALGRIND_PMC_WRITE_STATS;                     /* ... and what would be lost now? */
  pmem_persist(&log->entries[place], sizeof log->entries[place]); /* too late */
}

int main(int argc, char** argv) {
  struct log* log;
  size_t bytes;

  if (argc != 2) {
    fprintf(stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  log = pmem_map_file(argv[1], sizeof *log, PMEM_FILE_CREATE, 0600, &bytes, NULL);
  if (log == NULL) {
    perror(argv[1]);
    return 1;
  }
  append(log, 42);
  printf("%d entry\n", (int)log->count);
  pmem_unmap(log, bytes);
  return 0;
}
