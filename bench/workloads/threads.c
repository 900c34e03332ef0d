/* SPDX-License-Identifier: GPL-2.0-or-later */
/* N concurrent threads; each persists M stores in its own lines. */
#include "workload.h"

enum { LINES = 64 };
static size_t stores;
static char* memory;
static pthread_barrier_t all_there;

static void* work(void* number_of_mine) {
  char* mine = memory + (size_t)number_of_mine * LINES * LINE;
  pthread_barrier_wait(&all_there);
  for (size_t i = 0; i < stores; i++) {
    char* at = mine + i % LINES * LINE;
    *(volatile uint64_t*)at = i;
    pmem_persist(at, 8);
  }
  return NULL;
}

int main(int argc, char** argv) {
  size_t n = number(argc, argv, 1, 64);
  stores = number(argc, argv, 2, 10000);
  memory = map_pmem(n * LINES * LINE);
  pthread_barrier_init(&all_there, NULL, (unsigned)n);
  pthread_t* threads = malloc(n * sizeof *threads);
  for (size_t i = 0; i < n; i++)
    if (pthread_create(&threads[i], NULL, work, (void*)i) != 0) fail("pthread_create");
  for (size_t i = 0; i < n; i++) pthread_join(threads[i], NULL);
  return 0;
}
