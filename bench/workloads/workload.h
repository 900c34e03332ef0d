/* workload.h: common functions of the workloads.
 *
 * A workload takes numbers as its arguments, prints nothing and returns 0.  It runs in an empty
 * directory.  Its persistent memory is a registered sparse file in that directory.  It flushes
 * through libpmem, which uses the best instruction that CPUID shows: CLFLUSH under --tool=none,
 * which supports no other, and CLWB under pmemcheck.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PMEMCHECK_BENCH_WORKLOAD_H
#define PMEMCHECK_BENCH_WORKLOAD_H

#define _GNU_SOURCE
#include <fcntl.h>
#include <libpmem.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <valgrind/pmemcheck.h>

enum { LINE = 64 };

static inline void fail(const char* what) {
  perror(what);
  exit(1);
}

/* RETURNS: a mapping of a sparse, unlinked file of `size` bytes. */
static inline char* map_file(size_t size) {
  int fd = open("memory", O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (fd < 0 || ftruncate(fd, (off_t)size) != 0) fail("memory");
  char* p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (p == MAP_FAILED) fail("mmap");
  close(fd);
  unlink("memory");
  return p;
}

/* Like map_file(), but registered as persistent memory. */
static inline char* map_pmem(size_t size) {
  char* p = map_file(size);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(p, size);
  return p;
}

/* xorshift64: the same numbers on every run. */
static inline uint64_t next_random(void) {
  static uint64_t state = 88172645463325252ull;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

/* RETURNS: the i-th of 0 .. n - 1, in an order that helps neither a cache nor a tree.  Each number
 * comes once for i = 0 .. n - 1, because the step is a prime and no n here is a multiple of it. */
static inline size_t shuffled(size_t i, size_t n) {
  return i * 2654435761u % n;
}

/* RETURNS: argument number i, or `otherwise` if there is none. */
static inline size_t number(int argc, char** argv, int i, size_t otherwise) {
  return i < argc ? strtoull(argv[i], NULL, 0) : otherwise;
}

#endif
