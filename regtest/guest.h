/* guest.h: persistent memory, stores, flushes, fences and threads for guest programs.
 *
 * pm_open() maps the persistent memory of a guest at PM_BASE, so that a case can name addresses.
 * A guest stores through volatile pointers or with the instructions below, one store a line, so
 * that each store has its own source line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef PMEMCHECK_GUEST_H
#define PMEMCHECK_GUEST_H

#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <valgrind/pmemcheck.h>

/* Above the tool's program and the guest's libraries, below Valgrind's own memory. */
#define PM_BASE ((char*)0x200000000)

/* PM(uint64_t, 64) = 1; stores 8 bytes at PM_BASE + 64. */
#define PM(type, offset) (*(volatile type*)(PM_BASE + (offset)))

/* Each flushes the cache line that holds address p. */
#define CLWB(p) __asm__ volatile("clwb %0" : : "m"(*(const volatile char*)(p)) : "memory")
#define CLFLUSHOPT(p)                                                                              \
  __asm__ volatile("clflushopt %0" : : "m"(*(const volatile char*)(p)) : "memory")
#define CLFLUSH(p) __asm__ volatile("clflush %0" : : "m"(*(const volatile char*)(p)) : "memory")
#define SFENCE() __asm__ volatile("sfence" : : : "memory")
#define MFENCE() __asm__ volatile("mfence" : : : "memory")
#define LFENCE() __asm__ volatile("lfence" : : : "memory")

/* Ends the guest without exit(), which may take locks: a locked instruction is a fence. */
#define END() _exit(0)

static inline void pm_fail(const char* what) {
  perror(what);
  _exit(99);
}

/* Maps size bytes at PM_BASE, all zero. */
static inline char* pm_map(size_t size) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  if (mmap(PM_BASE, size, PROT_READ | PROT_WRITE, flags, -1, 0) != PM_BASE) pm_fail("mmap");
  return PM_BASE;
}

/* Maps size bytes of the file "pool", all zero, at PM_BASE.  RETURNS: its descriptor. */
static inline int pm_map_file(size_t size) {
  int fd = open("pool", O_RDWR | O_CREAT | O_TRUNC, 0600);
  int flags = MAP_SHARED | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
  if (fd < 0 || ftruncate(fd, (off_t)size) != 0) pm_fail("pool");
  if (mmap(PM_BASE, size, PROT_READ | PROT_WRITE, flags, fd, 0) != PM_BASE) pm_fail("mmap");
  return fd;
}

/* Maps size bytes at PM_BASE as persistent memory: registered memory, or, with PM_FOUND in the
 * environment, a mapping of the file "pool" for the tool to find. */
static inline char* pm_open(size_t size) {
  if (getenv("PM_FOUND") != NULL) {
    close(pm_map_file(size));
    return PM_BASE;
  }
  pm_map(size);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, size);
  return PM_BASE;
}

/* Runs function(argument) in a new thread, and waits until it has ended. */
static inline void pm_run_thread(void* (*function)(void*), void* argument) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, function, argument) != 0) pm_fail("pthread_create");
  pthread_join(thread, NULL);
}

#endif
