# SPDX-License-Identifier: GPL-2.0-or-later
"""Mappings that the tool finds by MAP_SYNC, by DAX devices and by --pmem-file, in programs without
annotations, across fork and exec, and in the log of stores."""

import re

import pytest

from harness import log, place, report, run

PM_BASE = 0x200000000

# Makes no client requests.
UNANNOTATED = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <immintrin.h>

#ifndef MAP_SYNC
#define MAP_SYNC 0x80000
#endif

/* Translated before any memory is persistent. */
static void store(volatile uint64_t* to, uint64_t value) { *to = value; }
static void (*volatile set)(volatile uint64_t*, uint64_t) = store;

int main(int argc, char** argv) {
  volatile uint64_t word;
  set(&word, 1);
  int flags = argc > 2 && argv[2][0] == 's' ? MAP_SHARED_VALIDATE | MAP_SYNC : MAP_SHARED;
  if (argc > 2 && argv[2][0] == 'i') flags = MAP_SHARED | MAP_SYNC; /* MAP_SHARED ignores MAP_SYNC */
  int fd = open(argv[1], O_RDWR | O_CREAT, 0600);
  if (fd < 0 || ftruncate(fd, 8192) != 0) return 1;
  volatile uint64_t* p = mmap((void*)0x200000000, 8192, PROT_READ | PROT_WRITE, flags | MAP_FIXED,
                              fd, 0);
  if (p == MAP_FAILED) return 2;
  p[0] = 1;
  _mm_clflush((void*)p);
  set(p + 8, 2);
  p[16] = 3;
  _mm_clflush((void*)(p + 16));
  puts("done");
  return 0;
}
"""
FORGOTTEN = [(0x40, 8, "DIRTY")]


def lost(done):
    (found,) = done.parsed().reports
    return [(e.address - PM_BASE, e.size, e.state) for e in found.lost]


@pytest.fixture
def on_dax(guest, tmp_path):
    """Runs argv under the tool as if `pool` were on DAX, under the name `name`."""
    def under_tool(argv, name, options=()):
        dax = run.build(place.HERE / "harness" / "dax.c", tmp_path / "dax")
        log_file = tmp_path / "valgrind.log"
        done = run.execute([dax, tmp_path / "pool", name, place.VALGRIND, "--tool=pmemcheck",
                            f"--log-file={log_file}", *options, *argv],
                           tmp_path, VALGRIND_LIB=str(place.VALGRIND_LIB))
        done.log = log_file.read_text()
        return done

    return under_tool


def test_pmem_file_checks_a_program_without_annotations(guest, pmemcheck, native, tmp_path):
    program, pool = guest(UNANNOTATED), tmp_path / "pool"
    done = pmemcheck([program, pool], options=[f"--pmem-file={pool}"])
    alone = native([program, pool])
    assert (done.status, done.stdout, done.stderr) == (alone.status, alone.stdout, alone.stderr)
    assert lost(done) == FORGOTTEN, done
    assert lost(pmemcheck([program, pool])) == []
    assert lost(pmemcheck([program, pool], options=["--pmem-file=/nowhere/*"])) == []


def test_a_mapping_with_map_sync_is_found(guest, on_dax, tmp_path):
    program, pool = guest(UNANNOTATED), tmp_path / "pool"
    done = on_dax([program, pool, "sync"], pool)
    assert (done.status, lost(done)) == (0, FORGOTTEN), done
    # MAP_SHARED ignores flags that it does not know, so this is an ordinary mapping.
    done = on_dax([program, pool, "ignored"], pool)
    assert (done.status, lost(done)) == (0, []), done
    done = on_dax([program, pool, "sync"], pool, options=["--domain=eadr"])
    assert (done.status, lost(done)) == (0, []), done


def test_a_mapping_of_a_dax_device_is_found(guest, on_dax, tmp_path):
    program, pool = guest(UNANNOTATED), tmp_path / "pool"
    done = on_dax([program, pool], "/dev/dax0.0")
    assert (done.status, lost(done)) == (0, FORGOTTEN), done
    done = on_dax([program, pool], "/dev/zero0.0")
    assert (done.status, lost(done)) == (0, []), done


def test_sqlite_stores_to_its_shared_memory_file(pmemcheck, tmp_path):
    """The index of SQLite's write-ahead log is a mapped file."""
    sql = ("PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES (1), (2), (3);"
           "SELECT sum(x) FROM t;")
    done = pmemcheck(["sqlite3", tmp_path / "base", sql], options=["--pmem-file=*-shm"])
    assert (done.status, done.stdout) == (0, "wal\n6\n"), done
    (found,) = done.parsed().reports
    assert found.lost and all(e.second for e in found.lost), done
    for entry in found.lost:
        assert entry.second.frames[0].function == "munmap (system call)", done


FORKS = r"""
#include "guest.h"
#include <sys/wait.h>

int main(void) {
  int status = 0;
  int fd = pm_map_file(8192);
  PM(uint64_t, 0) = 1;
  PM(uint64_t, 64) = 1;
  pid_t child = fork();
  if (child == 0) {
    if (msync(PM_BASE, 4096, MS_SYNC) != 0) pm_fail("msync");
    PM(uint64_t, 128) = 2;
    munmap(PM_BASE, 4096);
    PM(uint64_t, 4096) = 2;
    _exit(5);
  }
  waitpid(child, &status, 0);
  CLFLUSH(PM_BASE + 64);
  PM(uint64_t, 192) = 3;
  _exit(fd < 0 ? 1 : WEXITSTATUS(status));
}
"""


def test_both_processes_of_a_fork_keep_the_found_mapping(guest, pmemcheck, tmp_path):
    done = pmemcheck([guest(FORKS)], options=["--pmem-file=*/pool"], log="log.%p")
    assert done.status == 5, done
    found_by_process = set()
    for path in tmp_path.glob("log.*"):
        text = path.read_text()
        (found,) = report.parse(text, preamble="Command: " in text).reports
        found_by_process.add(tuple((e.address - PM_BASE, e.size, e.second is not None) for e in found.lost))
    assert found_by_process == {((0, 8, False), (192, 8, False)), ((128, 8, True), (4096, 8, False))}


EXECS = r"""
#include "guest.h"

int main(int argc, char** argv) {
  close(pm_map_file(8192));
  PM(uint64_t, 0) = 1;
  CLFLUSH(PM_BASE);
  if (argc > 1) {
    char* next[] = {argv[1], NULL};
    PM(uint64_t, 64) = 1;
    VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 4096, 4096);
    PM(uint64_t, 4096) = 1;
    VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE + 4096, 4096);
    execv(argv[1], next);
    PM(uint64_t, 128) = 1;
    _exit(3);
  }
  PM(uint64_t, 256) = 1;
  _exit(7);
}
"""


def split_reports(text):
    """RETURNS: the logs of the program before and after an exec, from the output of one process."""
    # The preamble of a log file also names the parent.
    text = re.sub(r"^(==\d+== )Command: .*$", r"\g<0>\n\1Parent PID: 1", text, flags=re.M)
    second = re.search(r"^==\d+== pmemcheck-", text[1:], re.M)
    return (text[:second.start() + 1], text[second.start() + 1:]) if second else (text,)


def offsets(text):
    (found,) = report.parse(text).reports
    return [(e.address - PM_BASE, e.second.frames[0].function if e.second else None)
            for e in found.lost]


@pytest.mark.parametrize("log_stores", ["no", "yes"], ids="--log-stores={}".format)
def test_exec_reports_on_the_old_program_and_checks_the_new_one(guest, tmp_path, log_stores):
    """The log goes to standard error, because the new program would overwrite a log file."""
    program = guest(EXECS)
    done = run.execute([place.VALGRIND, "--tool=pmemcheck", "--pmem-file=*/pool",
                        "--trace-children=yes", f"--log-stores={log_stores}", program, program],
                       tmp_path, VALGRIND_LIB=str(place.VALGRIND_LIB))
    assert done.status == 7, done
    before, after = split_reports(done.stderr)
    assert offsets(before) == [(64, "execve (system call)"), (4096, None)], done
    assert offsets(after) == [(256, None)], done
    if log_stores == "yes":
        for text, stores in ((before, 3), (after, 2)):
            kinds = [r.kind for r in log.parse(report.parse(text).stores)]
            assert kinds.count("STORE") == stores, done


def test_the_program_is_still_checked_after_a_failed_exec(guest, pmemcheck, tmp_path):
    program = guest(EXECS)
    done = pmemcheck([program, "/nowhere"], options=["--pmem-file=*/pool"])
    assert done.status == 3, done
    assert offsets(done.log) == [(64, None), (128, None), (4096, None)], done
    # If only the kernel refuses the exec, the report has been printed, and the program goes on.
    bad = tmp_path / "bad"
    bad.write_bytes(b"\x7fELF, it says")
    bad.chmod(0o755)
    done = pmemcheck([program, bad], options=["--pmem-file=*/pool", "--log-stores=yes"])
    assert done.status == 3, done
    log_of_all = done.parsed()
    first, last = log_of_all.reports
    assert [e.address - PM_BASE for e in first.lost] == [64, 4096]
    assert [e.address - PM_BASE for e in last.lost] == [64, 128, 4096]


SPAWNS = r"""
#include "guest.h"

int main(void) {
  close(pm_map_file(4096));
  PM(uint64_t, 0) = 1;
  int status = system("exit 4");
  CLFLUSH(PM_BASE);
  _exit(status >> 8);
}
"""


def test_a_child_that_stored_nothing_reports_nothing_when_it_execs(guest, pmemcheck):
    done = pmemcheck([guest(SPAWNS)], options=["--pmem-file=*/pool"])
    assert done.status == 4, done
    assert lost(done) == [], done


LOGS = r"""
#include "guest.h"

int main(void) {
  int fd = pm_map_file(8192);
  PM(uint64_t, 8) = 1;
  if (msync(PM_BASE, 4096, MS_SYNC) != 0) pm_fail("msync");
  PM(uint64_t, 4096) = 2;
  if (fsync(fd) != 0) pm_fail("fsync");
  _exit(0);
}
"""


def test_the_log_has_found_mappings_and_the_calls_that_made_them_durable(guest, pmemcheck,
                                                                         tmp_path):
    done = pmemcheck([guest(LOGS)], options=["--pmem-file=*/pool", "--log-stores=yes"])
    records = [r.short() for r in log.parse(done.parsed().stores)]
    while records[0] == ("FENCE",):  # the dynamic linker's locks
        records.pop(0)
    assert records == [
        ("REGISTER_FILE", str(tmp_path / "pool"), PM_BASE, 8192, 0),
        ("STORE", PM_BASE + 8, 1, 8),
        ("FLUSH", PM_BASE, 4096), ("FENCE",),
        ("STORE", PM_BASE + 4096, 2, 8),
        ("FLUSH", PM_BASE, 8192), ("FENCE",)], done


NAMES = r"""
#include "guest.h"

/* Maps a file at page `number` from PM_BASE on, and stores to it. */
static void use(int fd, int number) {
  char* at = PM_BASE + 4096 * number;
  if (fd < 0 || ftruncate(fd, 4096) != 0) pm_fail("open");
  if (mmap(at, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) != at) pm_fail("mmap");
  *(volatile uint64_t*)at = 1;
}

int main(void) {
  int linked = open("linked.pool", O_RDWR | O_CREAT, 0600);
  if (link("linked.pool", "other") != 0 || unlink("linked.pool") != 0) pm_fail("link");
  use(linked, 0);
  use(open("(deleted)", O_RDWR | O_CREAT, 0600), 1);
  if (symlink("real.pool", "alias") != 0) pm_fail("symlink");
  use(open("alias", O_RDWR | O_CREAT, 0600), 2);
  use(memfd_create("anonymous", 0), 3);
  END();
}
"""


@pytest.mark.parametrize("pattern,pages", [
    ("*.pool", [0, 2]), ("*/(deleted)", [1]), ("*/alias", []), ("/memfd:anonymous", [3]),
    ("*/other", []), ("*/linked.pool", [0])],
    ids=lambda value: value if isinstance(value, str) else f"pages {value}")
def test_pmem_file_matches_the_real_path_of_a_file(guest, pmemcheck, pattern, pages):
    done = pmemcheck([guest(NAMES)], options=[f"--pmem-file={pattern}"])
    assert done.status == 0, done
    assert [at // 4096 for at, _, _ in lost(done)] == pages, done


OTHER_WAYS = r"""
#include "guest.h"
#include <pthread.h>
#include <spawn.h>
#include <sys/wait.h>

static char* next[] = {"sh", "-c", "exit 6", NULL};

static void* execute(void* how) {
  PM(uint64_t, 0) = 1;
  int fd = open("/bin/sh", O_PATH);
  if (*(char*)how == 'f') fexecve(fd, next, environ);
  execv("/bin/sh", next);
  return NULL;
}

int main(int argc, char** argv) {
  pthread_t thread;
  int status = 0;
  pid_t child = 0;
  close(pm_map_file(4096));
  if (argc < 2) return 1;
  switch (argv[1][0]) {
  case 'f': /* fexecve */
  case 'e': execute(argv[1]); return 2;
  case 't': /* exec by a thread */
    if (pthread_create(&thread, NULL, execute, argv[1]) != 0) pm_fail("pthread_create");
    pthread_join(thread, NULL);
    return 3;
  case 'v':
    PM(uint64_t, 0) = 1;
    if ((child = vfork()) == 0) {
      execv("/bin/sh", next);
      _exit(4);
    }
    break;
  default:
    PM(uint64_t, 0) = 1;
    if (posix_spawn(&child, "/bin/sh", NULL, NULL, next, environ) != 0) pm_fail("posix_spawn");
  }
  waitpid(child, &status, 0);
  CLFLUSH(PM_BASE);
  _exit(WEXITSTATUS(status));
}
"""


@pytest.mark.parametrize("how,top", [
    ("exec", "execve (system call)"), ("fexecve", "execveat (system call)"),
    ("thread", "execve (system call)"), ("vfork", None), ("spawn", None)])
def test_a_process_reports_its_stores_before_it_executes_another_program(guest, pmemcheck, how,
                                                                         top):
    """A process that stored reports before it executes another program; a child that did not store
    reports nothing."""
    done = pmemcheck([guest(OTHER_WAYS), how], options=["--pmem-file=*/pool"])
    assert done.status == 6, done
    (found,) = done.parsed().reports
    tops = [e.second.frames[0].function for e in found.lost]
    assert tops == ([top] if top else []), done
