# SPDX-License-Identifier: GPL-2.0-or-later
"""Checkers for pmemcheck-explore that cannot be used, and checkers that misbehave."""

import os
import re

import pytest

from harness import explored, place, run
from harness.explored import script
from harness.explored_case import GUEST


@pytest.mark.parametrize("how,message", [
    (["--check=./no-such-program {}"], "--check: ./no-such-program: there is no such program"),
    (["--check=./check.c {}"], "--check: ./check.c: cannot be executed"),
    (["--check=./check"], "want {} in it"),
    (["--check=./check {other}"], "no file of the run has such a name"),
    (["--check=./no-such-program {} | cat; exit $?"], None),
    (["--check=./no-such-program {} && true"], "the shell cannot run the command (status 127)"),
    (["--check-library=./no.so:f"], "--check-library=./no.so:f: ./no.so: cannot open"),
    (["--check-library=./check.so:nothing"], "undefined symbol: nothing"),
    ([], "want a checker"),
    (["--check-library=./check.so:write_directory", "--read-only-checker"],
     "opened a file of the image for writing"),
    (["--check=./check {}", "--work-directory=/no/such"], "--work-directory=/no/such: No such file"),
])
def test_a_checker_that_cannot_be_used_is_refused(recorded, how, message):
    done = explored.explore(recorded, "run.trace", *how)
    if message is None:
        assert done.status == 0, done
    else:
        assert done.status == 2 and message in done.stderr and not done.stdout, done
    assert not list(recorded.glob("pmemcheck-explore-*"))


@pytest.mark.parametrize("name,body", [
    ("writes", 'echo changed | dd of="$1" bs=1 seek=300 conv=notrunc 2>/dev/null\n'),
    ("truncates", ': > "$1"\n'),
    ("removes", 'rm "$1"\n'),
    ("replaces", 'rm "$1"; mkdir "$1"\n'),
    ("adds", 'touch "$1.more"; mkdir -p "$1.d/e"\n'),
    ("removes-directory", 'rm -rf "$(dirname "$1")"\n'),
])
def test_changes_to_the_image_are_undone_before_the_next_check(recorded, name, body):
    check = script(recorded, f'./check "$1"\nstatus=$?\n{body}exit $status\n')
    report = explored.report(explored.explore(recorded, "run.trace", "--check", check,
                                              "--max-reductions=2"))
    assert (report.checked, report.failed, len(report.causes)) == (127, 32, 1)


def processes(mark):
    """RETURNS: the number of processes with this text on their command line."""
    found = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            found += mark.encode() in open(f"/proc/{pid}/cmdline", "rb").read()
        except OSError:
            pass
    return found


@pytest.mark.parametrize("how", ["sleep 7654 &", "setsid sleep 7654 &",
                                 "(setsid sh -c 'sleep 7654 & sleep 7654' &) ; sleep 0.05"])
def test_children_that_a_checker_leaves_are_found_and_killed(recorded, how):
    check = script(recorded, f'{how}\nexec ./check "$1"\n')
    done = explored.explore(recorded, "run.trace", "--check", check, "--from-marker=second",
                            "--max-states=20", "--random-states=0")
    report = explored.report(done)
    assert report.failed > 0 and re.search(r"note: \d+ checks left processes behind", done.stdout)
    assert processes("7654") == 0


def test_children_that_keep_writing_change_no_verdict(recorded):
    check = script(recorded, '(while :; do printf x | dd of="$1" bs=1 seek=192 conv=notrunc; done) '
                             '2>/dev/null &\nexec ./check "$1"\n')
    # `check` damages the image that it checks, so that its own verdict may change.  `mild` writes late:
    # no check may find what a child of an earlier one writes.
    mild = script(recorded, '(sleep 0.2; printf xxxxxxxx | dd of="$1" bs=1 seek=192 conv=notrunc) '
                            '2>/dev/null &\nexec ./check "$1"\n', "mild")
    report = explored.report(explored.explore(recorded, "run.trace", "--check", mild, "-j1"))
    assert (report.checked, report.failed) == (127, 32)
    assert explored.explore(recorded, "run.trace", "--check", check, "--engine=NoReorderDoCheck",
                            ).status in (0, 1)


def test_a_checker_that_hangs_or_crashes_counts_as_failed(recorded):
    few = ["--engine=NoReorderDoCheck", "--from-marker=second", "--timeout=1",
           "--max-reductions=1"]
    hang = explored.report(explored.explore(recorded, "run.trace", "--check",
                                            script(recorded, "sleep 7655\n"), *few))
    assert "the check: did not end in time" in hang.causes[0].lines
    crash = explored.report(explored.explore(recorded, "run.trace", "--check",
                                             script(recorded, "kill -SEGV $$\n"), *few))
    assert any("died of signal 11" in line for line in crash.causes[0].lines)
    for mode in ([], ["--read-only-checker"]):
        for symbol, message in (("crash", "died of signal 11"), ("hang", "did not end in time")):
            report = explored.report(explored.explore(
                recorded, "run.trace", f"--check-library=./check.so:{symbol}", *mode, *few))
            assert report.failed == report.checked > 0
            assert any(message in line for line in report.causes[0].lines), report
    assert processes("7655") == 0


# Imitates a full file system for whoever calls posix_fallocate(): a process may allocate ROOM times, and
# a file not at all while another one has its name with ".full" appended.
FULL = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int posix_fallocate(int fd, off_t offset, off_t bytes) {
  static long given;
  const char* room = getenv("ROOM");
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, sizeof path - 6);
  if (size < 0) return errno;
  snprintf(path + size, 6, ".full");
  if ((room && ++given > atol(room)) || access(path, F_OK) == 0) return ENOSPC;
  int (*real)(int, off_t, off_t) = (int (*)(int, off_t, off_t))dlsym(RTLD_NEXT, "posix_fallocate");
  return real(fd, offset, bytes);
}
"""


@pytest.fixture
def full_disk(tmp_path):
    """RETURNS: an environment in which the file system seems full."""
    (tmp_path / "full.c").write_text(FULL)
    run.build(tmp_path / "full.c", tmp_path / "full.so", cflags=["-shared", "-fPIC"])
    return {"LD_PRELOAD": str(tmp_path / "full.so")}


def test_a_full_work_directory_ends_the_run_with_an_error(guest, pmemcheck, full_disk, tmp_path):
    program = guest(GUEST, cflags=["-DLINES=1000"])
    done = pmemcheck([program], options=["--trace=run.trace", "--print-summary=no"])
    assert done.status == 0, done
    work = tmp_path / "work"
    work.mkdir()
    how = ["run.trace", "--check=true {}", "--engine=NoReorderDoCheck", f"--work-directory={work}"]
    for room in (0, 4, 20):
        done = explored.explore(tmp_path, *how, **full_disk, ROOM=str(room))
        assert done.status == 2 and not done.stdout, done
        assert done.stderr == "pmemcheck-explore: writing an image: No space left on device\n"
    assert explored.explore(tmp_path, *how, **full_disk, ROOM="1000").status == 0
    # A limit on file sizes also raises a signal.
    done = run.execute(["prlimit", "--fsize=32768", place.EXPLORE, *how], tmp_path)
    assert done.status == 2 and not done.stdout, done
    assert done.stderr == "pmemcheck-explore: an image's size: File too large\n"
    assert list(work.iterdir()) == []


def test_an_image_is_restored_after_a_checker_filled_the_disk(recorded, full_disk):
    check = script(recorded, './check "$1"\nstatus=$?\n'
                             'echo >"$1.full"; echo changed >"$1"\nexit $status\n')
    done = explored.explore(recorded, "run.trace", "--check", check, "-j1", **full_disk)
    report = explored.report(done)
    assert (report.checked, report.failed) == (127, 32), done


# ---- functions of a library -----------------------------------------------------------------------

FUNCTIONS = r"""
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>
#define CHECK(name) int name(const char* directory)
#define UNUSED (void)directory
static void leave(const char* seconds) {
  if (fork() != 0) return;
  setsid();
  execlp("sleep", "sleep", seconds, NULL);
  _exit(1);
}
CHECK(says) { printf("the directory ends in %s\n", directory + strlen(directory) - 6); fflush(stdout);
  fputs("and goes on\n", stderr); printf("without an end"); return 1; }
CHECK(says_bytes) { UNUSED; fputs("caf\xe9 \x01\"\\", stdout); return 1; }
CHECK(logs) { UNUSED; fputs("checked\n", fopen("checks.log", "a")); return 0; }
CHECK(reads) { UNUSED; char c; return read(0, &c, 1) != 0 || getpgrp() != getpid(); }
CHECK(alarms) { UNUSED; ualarm(1000, 0); for (;;) pause(); }
CHECK(interrupts) { UNUSED; raise(SIGINT); return 0; }
CHECK(terminates) { UNUSED; kill(0, SIGTERM); return 0; }
CHECK(aborts) { UNUSED; abort(); }
CHECK(is_256) { UNUSED; return 256; }
CHECK(writes_too_much) { UNUSED; struct rlimit one = {1, 1}; setrlimit(RLIMIT_FSIZE, &one);
  FILE* f = fopen("too-much", "w"); fputs("too much", f); fclose(f); return 0; }
CHECK(exits) { UNUSED; exit(9); }
CHECK(leaves) { UNUSED; leave("7656"); return 0; }
CHECK(hangs) { UNUSED; sigset_t all; sigfillset(&all); sigprocmask(SIG_BLOCK, &all, NULL);
  leave("7657"); for (;;) pause(); }
CHECK(kills) { UNUSED; kill(getppid(), SIGKILL); return 0; }
CHECK(kills_and_hangs) { UNUSED; kill(getppid(), SIGKILL); for (;;) pause(); }
"""


@pytest.fixture
def library(recorded):
    """RETURNS: a function that explores about two images with the library function of a name."""
    (recorded / "functions.c").write_text("#include <string.h>\n" + FUNCTIONS)
    run.build(recorded / "functions.c", recorded / "functions.so", cflags=["-shared", "-fPIC"])

    def go(name, *options):
        return explored.explore(recorded, "run.trace", f"--check-library=functions.so:{name}",
                                "--engine=NoReorderDoCheck", "--from-marker=second", "--timeout=1",
                                "--max-reductions=1", *options)
    return go


@pytest.mark.parametrize("name,message", [
    ("alarms", "died of signal 14 (Alarm clock)"), ("interrupts", "died of signal 2 (Interrupt)"),
    ("terminates", "died of signal 15 (Terminated)"), ("aborts", "died of signal 6 (Aborted)"),
    ("writes_too_much", "died of signal 25 (File size limit exceeded)"),
    ("is_256", "exit status 1"), ("exits", "exit status 9"), ("hangs", "did not end in time"),
])
def test_a_failing_function_is_reported_with_the_way_it_failed(library, name, message):
    report = explored.report(library(name))
    assert report.failed == report.checked > 0
    assert f"the check: {message}" in report.causes[0].lines, report
    assert processes("7657") == 0


def test_a_function_runs_in_its_own_process_group_without_input(library):
    assert explored.report(library("reads")).failed == 0


def test_the_output_of_a_function_is_reported_with_its_failure(library):
    report = explored.report(library("says"))
    message = ["the directory ends in causes", "and goes on", "without an end"]
    assert report.causes[0].lines[-4:] == ["the check printed:", *("  | " + line for line in message)], report
    again = library("says", f"--replay={report.causes[0].id}").stdout
    assert again.startswith("\n".join(message).replace("causes", "replay")), again
    assert "the check: exit status 1" in again


def test_the_json_is_valid_whatever_a_checker_prints(library, recorded):
    library("says_bytes", "--json=found.json")
    assert explored.json_of(recorded / "found.json")["failures"][0]["output"] == "caf\ufffd \x01\"\\"


def test_output_that_a_function_left_in_stdio_buffers_is_written(library, recorded):
    report = explored.report(library("logs"))
    assert (recorded / "checks.log").read_text() == report.checked * "checked\n"


def test_children_that_a_function_leaves_are_killed(library):
    done = library("leaves")
    assert explored.report(done).failed == 0
    assert re.search(r"note: \d+ checks? left processes behind", done.stdout)
    assert processes("7656") == 0


@pytest.mark.parametrize("name", ["kills", "kills_and_hangs"])
def test_a_function_that_kills_its_parent_gives_no_verdict(library, name):
    done = library(name)
    assert done.status == 2 and "the function has killed it" in done.stderr and not done.stdout, done
