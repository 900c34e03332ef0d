/* 04-plain-mmap.c: a program that uses neither pmemcheck's header nor libpmem.
 *
 * It maps a file, and flushes and fences by itself.  Its persist() advances from the first byte in
 * steps of a cache line, so it misses the last line of a range that begins in the middle of one.
 *
 * usage: 04-plain-mmap FILE   (the file is created or overwritten)
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <fcntl.h>
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

struct day {
  char name[32];
  int64_t celsius[8]; /* half of them in one cache line, half in the next */
};

__attribute__((target("clwb"))) static void persist(void* begin, size_t bytes) {
  char* const end = (char*)begin + bytes;

  for (char* at = begin; at < end; at += 64) _mm_clwb(at); /* of 64 bytes: once */
  _mm_sfence();
}

static void record(struct day* day, int64_t celsius) {
  for (int i = 0; i < 8; i++) day->celsius[i] = celsius;
  persist(day->celsius, sizeof day->celsius);
}

int main(int argc, char** argv) {
  struct day* day;
  int file;

  if (argc != 2) {
    fprintf(stderr, "usage: %s FILE\n", argv[0]);
    return 2;
  }
  file = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (file < 0 || ftruncate(file, sizeof *day) != 0) {
    perror(argv[1]);
    return 1;
  }
  day = mmap(NULL, sizeof *day, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (day == MAP_FAILED) {
    perror(argv[1]);
    return 1;
  }
  record(day, 21);
  printf("recorded %d degrees\n", (int)day->celsius[7]);
  return 0;
}
