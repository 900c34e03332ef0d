/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measures pmemcheck-explore: makes a pool of 8 MiB, checks it, and runs the check in a bare loop.
 *
 *   states record POOL          makes ten lines durable at once, each in its own page, again and
 *                               again; to be run with --trace
 *   states check POOL           the checker: reads a line of the pool; status 0
 *   states spawn|fork|call N POOL LIBRARY
 *                               the bare loops: run the checker N times as a program, as a function
 *                               of LIBRARY in a child, or as a function.  Print runs a second
 *
 * Compiled with -shared -fPIC, this is also the library: int check(const char* directory). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "workload.h"

#define POOL_BYTES (8 << 20)

extern char** environ;

static int check_file(const char* path) {
  uint64_t line[8];
  int fd = open(path, O_RDONLY);
  int bad = fd < 0 || pread(fd, line, sizeof line, 0) != sizeof line;
  close(fd);
  return bad;
}

int check(const char* directory) {
  char path[4096];
  snprintf(path, sizeof path, "%s/pool", directory);
  return check_file(path);
}

static void record(const char* path) {
  char* p = pmem_map_file(path, POOL_BYTES, PMEM_FILE_CREATE, 0600, NULL, NULL);
  if (p == NULL) exit(1);
  /* The pool is full, so that copying it would have its real cost. */
  for (size_t i = 0; i < POOL_BYTES; i += 8) *(volatile uint64_t*)(p + i) = i + 1;
  pmem_persist(p, POOL_BYTES);
  VALGRIND_PMC_EMIT_LOG("filled");
  for (uint64_t n = 1; n <= 50; n++) {
    for (int i = 0; i < 10; i++) *(volatile uint64_t*)(p + 8192 * i + 64 * n) = n << 32;
    for (int i = 0; i < 10; i++) pmem_flush(p + 8192 * i + 64 * n, 8);
    pmem_drain();
  }
}

static void once(const char* how, char** argv, int (*function)(const char*),
                 const char* directory) {
  pid_t child = 0;
  int status;
  if (how[0] == 'c') {
    if (function(directory) != 0) exit(1);
    return;
  }
  if (how[0] == 'f') {
    child = fork();
    if (child == 0) _exit(function(directory));
  } else if (posix_spawn(&child, argv[0], NULL, NULL, argv, environ) != 0) {
    exit(1);
  }
  if (waitpid(child, &status, 0) != child || status != 0) exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char** argv) {
  if (argc == 3 && strcmp(argv[1], "record") == 0) return record(argv[2]), 0;
  if (argc == 3 && strcmp(argv[1], "check") == 0) return check_file(argv[2]);
  if (argc != 5) return 2;
  char self[4096], directory[4096];
  ssize_t bytes = readlink("/proc/self/exe", self, sizeof self - 1);
  if (bytes <= 0) return 2;
  self[bytes] = 0;
  char* check_argv[] = {self, "check", argv[3], NULL};
  snprintf(directory, sizeof directory, "%s", argv[3]);
  *strrchr(directory, '/') = 0;
  void* library = dlopen(argv[4], RTLD_NOW);
  int (*function)(const char*) = library ? (int (*)(const char*))dlsym(library, "check") : NULL;
  if (function == NULL) return 2;
  double begin = now();
  long count = atol(argv[2]);
  for (long i = 0; i < count; i++) once(argv[1], check_argv, function, directory);
  printf("%.0f\n", (double)count / (now() - begin));
  return 0;
}
