/* 01-missing-flush.c: a reading, and a mark that it is there; only the mark is made durable.
 *
 * After a power failure the mark may say that there is a reading, while the reading is lost.
 *
 * usage: 01-missing-flush FILE   (the file is created or overwritten)
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <libpmem.h>
#include <stdint.h>
#include <stdio.h>

struct sensor {
  int64_t celsius; /* in one cache line */
  char pad[56];
  uint64_t taken; /* in the next */
};

static void record(struct sensor* sensor, int64_t celsius) {
  sensor->celsius = celsius;
  sensor->taken = 1;
  pmem_persist(&sensor->taken, sizeof sensor->taken); /* and the reading? */
}

int main(int argc, char** argv) {
  struct sensor* sensor;
  size_t bytes;

  if (argc != 2) {
    fprintf(stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  sensor = pmem_map_file(argv[1], sizeof *sensor, PMEM_FILE_CREATE, 0600, &bytes, NULL);
  if (sensor == NULL) {
    perror(argv[1]);
    return 1;
  }
  record(sensor, 21);
  printf("recorded %d degrees\n", (int)sensor->celsius);
  pmem_unmap(sensor, bytes);
  return 0;
}
