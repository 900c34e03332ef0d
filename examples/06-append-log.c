/* 06-append-log.c: a log without checksums: only its length says which records are in it.
 *
 * The length and the records lie in one mapping and are made durable by one flush and one fence.
 * The flushed lines may reach memory in any order.
 *
 * usage: 06-append-log FILE          creates the file and appends two records, each at once
 *        06-append-log FILE right    the same, the record before the length
 *        06-append-log FILE check    reads the log; status 0 if every record is intact
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <libpmem.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct log {
  uint64_t bytes; /* of text that may be read */
  char pad[56];
  char text[192];
};

static void append(struct log* log, const char* record, int right) {
  size_t bytes = strlen(record);

  memcpy(log->text + log->bytes, record, bytes);
  if (right) pmem_persist(log->text + log->bytes, bytes);
  log->bytes += bytes;
  pmem_persist(log, sizeof *log);
}

static int check(const struct log* log) {
  uint64_t i;

  for (i = 0; i < log->bytes; i++) {
    if (log->text[i] == 0) {
      printf("%d bytes, but byte %d is missing\n", (int)log->bytes, (int)i);
      return 1;
    }
  }
  return 0;
}

int main(int argc, char** argv) {
  struct log* log;
  size_t bytes;
  int right;

  if (argc < 2) {
    fprintf(stderr, "usage: %s FILE [right|check]\n", argv[0]);
    return 2;
  }
  log = pmem_map_file(argv[1], sizeof *log, PMEM_FILE_CREATE, 0600, &bytes, NULL);
  if (log == NULL) {
    perror(argv[1]);
    return 1;
  }
  if (argc > 2 && strcmp(argv[2], "check") == 0) return check(log);
  right = argc > 2 && strcmp(argv[2], "right") == 0;
  append(log, "the first record is a long one, which does not fit into one line;", right);
  append(log, "the second;", right);
  pmem_unmap(log, bytes);
  return 0;
}
