# SPDX-License-Identifier: GPL-2.0-or-later
"""Transactions of 2 to 64 threads: each thread has its own, and all share one."""

import pytest

TRANSACTIONS = r"""
#include "guest.h"
#include <pthread.h>

#define COMMON 1 /* also the number of the first thread, which must not matter */

static pthread_barrier_t barrier;
static long bad;

static void check(int answer, int wanted) {
  if (answer != wanted) __atomic_fetch_add(&bad, 1, __ATOMIC_SEQ_CST);
}

/* Each thread has 512 bytes: at 0 for its own transaction, at 64 for the common one, at 128 for none. */
static void* worker(void* number) {
  long at = (long)number * 512;
  PM(uint64_t, at + 128) = 1; /* in no transaction yet */
  pthread_barrier_wait(&barrier);
  VALGRIND_PMC_START_TX;
  check(VALGRIND_PMC_ADD_TO_TX(PM_BASE + at, 8), 0);
  check(VALGRIND_PMC_ADD_TO_TX_N(COMMON, PM_BASE + at + 64, 8), 2);
  check(VALGRIND_PMC_ADD_THREAD_TX_N(COMMON), 0);
  check(VALGRIND_PMC_ADD_TO_TX_N(COMMON, PM_BASE + at + 64, 8), 0);
  pthread_barrier_wait(&barrier);
  PM(uint64_t, at) = 2;
  PM(uint64_t, at + 64) = 2;
  PM(uint64_t, at + 128) = 2;
  /* A range of the common transaction covers stores of every thread; one of an own one does not. */
  long other = (long)number == 0 ? THREADS - 1 : (long)number - 1;
  PM(uint64_t, other * 512 + 64) = 3;
  if (number == 0) PM(uint64_t, other * 512) = 3;
  pthread_barrier_wait(&barrier);
  check(VALGRIND_PMC_REMOVE_THREAD_FROM_TX_N(COMMON), 0);
  PM(uint64_t, at) = 4;
  PM(uint64_t, at + 64) = 4;
  VALGRIND_PMC_END_TX;
  PM(uint64_t, at + 64) = 5;
  PM(uint64_t, at + 256) = 6;
  for (int line = 0; line < 192; line += 64) CLWB(PM_BASE + at + line);
  SFENCE();
  PM(uint64_t, at + 320) = 7;
  CLWB(PM_BASE + at + 320);
  if (number == (void*)1) VALGRIND_PMC_START_TX;
  return NULL;
}

int main(void) {
  pthread_t thread[THREADS];
  pm_open(THREADS * 512);
  pthread_barrier_init(&barrier, NULL, THREADS);
  VALGRIND_PMC_START_TX_N(COMMON);
  for (long i = 0; i < THREADS; i++)
    if (pthread_create(&thread[i], NULL, worker, (void*)i) != 0) pm_fail("pthread_create");
  for (int i = 0; i < THREADS; i++) pthread_join(thread[i], NULL);
  check(VALGRIND_PMC_END_TX_N(COMMON), 0);
  check(VALGRIND_PMC_END_TX_N(COMMON), 1);
  printf("%ld\n", bad);
  END();
}
"""
BASE = 0x200000000
TEXT = TRANSACTIONS.splitlines()


def line_of(text):
    (found,) = [n for n, line in enumerate(TEXT, 1) if text in line]
    return found


@pytest.mark.parametrize("threads", [2, 3, 8, 64], ids="{} threads".format)
def test_stores_are_checked_against_own_and_common_transactions(guest, pmemcheck, threads):
    program = guest(TRANSACTIONS.replace("END()", "fflush(stdout); END()"),
                    cflags=[f"-DTHREADS={threads}"])
    done = pmemcheck([program])
    assert (done.status, done.stdout, done.stderr) == (0, "0\n", ""), done
    (found,) = done.parsed().reports

    def entries(kind):
        return sorted((e.frames[0].line, (e.address or BASE) - BASE, e.size)
                      for e in found.entries[kind])

    numbers = range(threads)
    unlogged = [(line_of("at + 128) = 2"), n * 512 + 128, 8) for n in numbers]
    unlogged += [(line_of("other * 512) = 3"), (threads - 1) * 512, 8)]
    unlogged += [(line_of("at + 64) = 4"), n * 512 + 64, 8) for n in numbers]
    assert entries("outside-tx") == sorted(unlogged)
    assert [(e.frames[0].line, e.nesting) for e in found.entries["active-tx"]] == [
        (line_of("if (number == (void*)1)"), 1)]
    assert found.entries["overlap"] == []
    # A thread that exits does not fence.
    lost = [(e.address - BASE, e.size) for e in found.lost if e.address % 512 == 256]
    assert lost == [(n * 512 + 256, 8) for n in numbers]
    states = {e.state for e in found.lost if e.address % 512 == 256}
    assert states == {"DIRTY"}


EXITS_WITH_PENDING = r"""
#include "guest.h"

static void* stores(void* number) {
  PM(uint64_t, (long)number * 64) = 1;
  return NULL;
}

static void* fences(void* unused) {
  SFENCE();
  return unused;
}

int main(void) {
  pm_open(64 * THREADS);
  for (long i = 0; i < THREADS; i++) {
    pm_run_thread(stores, (void*)i);
    pm_run_thread(fences, NULL);
  }
  for (long i = 0; i < THREADS; i += 2) CLWB(PM_BASE + i * 64);
  SFENCE();
  VALGRIND_PMC_WRITE_STATS;
  END();
}
"""


@pytest.mark.parametrize("threads", [2, 64, 1200], ids="{} threads".format)
def test_stores_of_ended_threads_stay_outstanding(guest, pmemcheck, threads):
    done = pmemcheck([guest(EXITS_WITH_PENDING, cflags=[f"-DTHREADS={threads}"])])
    for found in done.parsed().reports:
        assert [(e.address - BASE, e.size, e.state) for e in found.lost] == [
            (i * 64, 8, "DIRTY") for i in range(1, threads, 2)]
