# SPDX-License-Identifier: GPL-2.0-or-later
"""pmemcheck-explore on real runs: shares, interrupts, what is saved; bad input; checkers that
misbehave."""

import json
import os
import re
import signal
import subprocess
import time

import pytest

from harness import explored, place, run

# Some lines are made durable at once, twice: the second time they hold something else.
GUEST = r"""
#include "guest.h"
int main(void) {
  close(pm_map_file(65536));
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 65536);
  VALGRIND_PMC_NAME_RANGE(PM_BASE + 192, 8, "head");
  VALGRIND_PMC_NAME_RANGE(PM_BASE + 320, 128, "tail");
  VALGRIND_PMC_NAME_RANGE(PM_BASE + 384, 64, ""); /* shorter */
  for (uint64_t n = 1; n <= 2; n++) {
    VALGRIND_PMC_EMIT_LOG(n == 1 ? "first" : "second");
    for (int i = 0; i < LINES; i++) PM(uint64_t, 64 * i) = n; /* stored here */
    for (int i = 0; i < LINES; i++) CLWB(PM_BASE + 64 * i);
    SFENCE();
  }
  END();
}
"""

# Status 1 where line 3 is kept and line 5 is not.
CHECK = r"""
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int check(const char* path) {
  uint64_t lines[8][8];
  int fd = open(path, O_RDONLY);
  if (fd < 0 || read(fd, lines, sizeof lines) != sizeof lines) return 2;
  close(fd);
  return lines[3][0] > lines[5][0];
}
int check_directory(const char* directory) {
  char path[4096];
  snprintf(path, sizeof path, "%s/pool", directory);
  return check(path);
}
int write_directory(const char* directory) {
  char path[4096];
  snprintf(path, sizeof path, "%s/pool", directory);
  int fd = open(path, O_RDWR), result = check(path);
  if (fd < 0 || pwrite(fd, "changed", 7, 1024) != 7) return 2;
  close(fd);
  return result;
}
int crash(const char* directory) { return *(volatile int*)(uintptr_t)(directory == 0); }
int hang(const char* directory) {
  for (;;) pause();
  return directory != 0;
}
int main(int argc, char** argv) { return argc > 1 ? check(argv[1]) : 3; }
"""


@pytest.fixture
def recorded(guest, pmemcheck, tmp_path):
    """Records the guest; builds the checker `check` and the library check.so."""
    done = pmemcheck([guest(GUEST, cflags=["-DLINES=6"])],
                     options=["--trace=run.trace", "--print-summary=no"])
    assert done.status == 0, done
    (tmp_path / "check.c").write_text(CHECK)
    run.build(tmp_path / "check.c", tmp_path / "check")
    run.build(tmp_path / "check.c", tmp_path / "check.so", cflags=["-shared", "-fPIC"])
    return tmp_path


def script(directory, text, name="checker"):
    file = directory / name
    file.write_text("#!/bin/sh\n" + text)
    file.chmod(0o755)
    return f"./{name} {{}}"


def test_a_program_and_a_library_say_the_same(recorded):
    reports = [explored.report(explored.explore(recorded, "run.trace", *how)) for how in (
        ["--check=./check {}"], ["--check=./check {pool}"], ["--check", "exec ./check {} || exit 1"],
        ["--check-library=check.so:check_directory"],
        ["--check-library", "./check.so:check_directory", "--read-only-checker"],
        ["--check-library=check.so:write_directory"], ["--check=./check {}", "-j1"],
        ["--check=./check {}", "-j5"])]
    told = reports[0]
    # 2^6 states each time, of which two are the same; a quarter has the one and not the other.
    assert (told.chosen, told.checked, told.failed) == (64 + 64 + 1, 127, 32)
    assert told.strength == "every state at 3 points"
    (cause,) = told.causes
    (kept,), (lost,) = cause.places("kept"), cause.places("lost")
    assert "main (guest.c:11)" in kept[0] and "main (guest.c:11)" in lost[0]
    for other in reports[1:]:
        assert (other.checked, other.failed, [c.id for c in other.causes]) == (
            told.checked, told.failed, [cause.id])


def test_scopes(recorded):
    def told(*options):
        return explored.report(explored.explore(recorded, "run.trace", "--check=./check {}", *options))
    assert told("--from-marker=second").failed == 16
    assert told("--to-marker=first").points == 1
    assert told("--from-marker=first", "--to-marker=second").failed == 16
    assert told("--only-thread=2").points == 1  # the end
    assert told("--only-file=*/other").checked == 2
    assert told("--unique-stacks").points < told().points
    assert told("--engine=NoReorderDoCheck").failed == 0
    assert told("-x", "none=NoReorderNoCheck").failed == 32
    pairs = told("--engine=pairs", "--random-states=0")
    assert pairs.failed > 0 and pairs.checked < 30
    assert "every pair of parts at 2 points" in pairs.strength


def test_the_text_log_gives_the_same(guest, pmemcheck, recorded, tmp_path):
    (tmp_path / "before").write_bytes(bytes(65536))
    text = GUEST.replace("VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 65536);",
                         "VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 65536);"
                         "VALGRIND_PMC_REGISTER_PMEM_FILE(open(\"pool\", O_RDWR), PM_BASE, 65536, 0);")
    done = pmemcheck([guest(text, name="logged", cflags=["-DLINES=6"])],
                     options=["--log-stores=yes", "--log-stores-stacktraces=yes"], log="stores.log")
    assert done.status == 0, done
    how = ["--check=./check {}", f"--image=pool={tmp_path}/before"]
    told = explored.report(explored.explore(tmp_path, "stores.log", *how))
    assert (told.checked, told.failed) == (127, 32)
    assert "main (logged.c:11)" in told.causes[0].places("kept")[0][0]
    without = explored.explore(tmp_path, "stores.log", "--check=./check {}")
    assert "no --image" in without.stderr and explored.read(without.stdout).failed == 32


def test_shares_joined_are_the_whole(recorded):
    whole = explored.explore(recorded, "run.trace", "--check=./check {}", "--json=whole.json")
    for k in (1, 2, 3):
        done = explored.explore(recorded, "run.trace", "--check=./check {}", f"--shard={k}/3",
                                f"--results=results.{k}", "-j2")
        assert done.status in (0, 1) and "is for merge" in done.stdout, done
    merged = explored.explore(recorded, "merge", "results.3", "results.1", "results.2",
                              "--json=merged.json")
    assert (merged.status, merged.stdout) == (whole.status, whole.stdout)
    assert explored.json_of(recorded / "merged.json") == explored.json_of(recorded / "whole.json")
    lacking = explored.explore(recorded, "merge", "results.3", "results.1")
    assert "share 2 of 3 is missing" in lacking.stderr
    assert "not all: the run was ended early" in lacking.stdout
    twice = explored.explore(recorded, "merge", "results.3", "results.3")
    assert twice.status == 2 and "share 3 is given twice" in twice.stderr


def test_gnu_parallel_spreads_one_exploration(recorded):
    whole = explored.explore(recorded, "run.trace", "--check=./check {}")
    # {} is the explorer's: parallel's own place for an argument is called @.
    command = (f"{place.EXPLORE} run.trace --check './check {{}}' "
               "--shard=@/4 --results=part.@ -j1")
    done = run.execute(["parallel", "--will-cite", "-j2", "-I@", command, ":::", "1", "2", "3", "4"],
                       recorded, **explored.ENV)
    assert sorted(p.name for p in recorded.glob("part.*")) == [f"part.{k}" for k in range(1, 5)], done
    merged = explored.explore(recorded, "merge", *sorted(p.name for p in recorded.glob("part.*")))
    assert (merged.status, merged.stdout) == (whole.status, whole.stdout)


def test_after_ctrl_c_the_rest_can_be_done(recorded):
    whole = explored.explore(recorded, "run.trace", "--check=./check {}")
    slow = script(recorded, 'sleep 0.03; exec ./check "$1"\n')
    with subprocess.Popen([place.EXPLORE, "run.trace", "--check", slow, "-j2",
                           "--most-reductions=1"], cwd=recorded,
                          env=run.environment(recorded), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (out, err)
    assert "not all: the run was ended early" in out and "--resume=run.trace.resume goes on" in err
    assert 0 < explored.read(out).checked < 127
    done = explored.explore(recorded, "--resume=run.trace.resume")
    assert explored.read(done.stdout) == explored.read(whole.stdout), (done, whole)
    assert not (recorded / "run.trace.resume").exists()


def test_an_image_is_saved_and_made_again(recorded):
    done = explored.explore(recorded, "run.trace", "--check=./check {}", "--save=kept",
                            "--name=flag=pool:192:8")
    (cause,) = explored.read(done.stdout).causes
    assert re.findall(r"(kept|lost): 8 bytes at (0x\w+) of \S+ (.*), stored", done.stdout) == [
        ("kept", "0xc0", "(head) (flag)"), ("lost", "0x140", "(tail)")], done
    saved = recorded / "kept" / cause.id
    assert run.execute(["./check", saved / "pool"], recorded).status == 1
    readme = (saved / "README").read_text()
    assert "cp --sparse=always pool " + str(recorded / "pool") in readme
    again = explored.explore(recorded, "run.trace", "--check=./check {}", f"--replay={cause.id}")
    assert again.status == 1 and "the check: exit status 1" in again.stdout, again
    assert (recorded / cause.id / "pool").read_bytes() == (saved / "pool").read_bytes()
    other = explored.explore(recorded, "run.trace", "--check=./check {}", "--replay=p1-99.0")
    assert other.status == 2 and "no such image" in other.stderr, other


def test_several_files_are_a_directory(guest, pmemcheck, tmp_path):
    program = guest(r"""
#include "guest.h"
int main(void) {
  for (int i = 0; i < 2; i++) {
    int fd = open(i ? "b" : "a", O_RDWR | O_CREAT, 0600);
    if (ftruncate(fd, 4096)) return 1;
    char* p = mmap(NULL, 4096, 3, MAP_SHARED, fd, 0);
    VALGRIND_PMC_REGISTER_PMEM_MAPPING(p, 4096);
    *(volatile char*)p = 'x';
  }
  END();
}""")
    done = pmemcheck([program], options=["--trace=run.trace", "--print-summary=no"])
    assert done.status == 0, done
    check = script(tmp_path, 'test "$(ls "$1" | tr -d "\\n")" = ab || exit 3\n'
                             'grep -q x "$1/b" && ! grep -q x "$1/a" && exit 1\nexit 0\n')
    told = explored.report(explored.explore(tmp_path, "run.trace", "--check", check))
    assert (told.checked, told.failed) == (4, 1)
    (cause,) = told.causes
    assert any("/b, stored" in line for line in cause.lines)
    named = explored.explore(tmp_path, "run.trace", "--check", "cmp -s -n 1 {a} {b}")
    assert explored.report(named).failed == 2


# ---- bad input ----------------------------------------------------------------------------------

@pytest.mark.parametrize("content,said", [
    (b"", "ends in its first bytes"),
    (b"#!/bin/sh\n", "neither a trace"),
    (b"pmemcheck trace\n\3\0\0\0\x032.0", "a trace of format 3, written by pmemcheck 2.0; this is "
                                       "pmemcheck-explore 1.0, which reads format 2"),
])
def test_files_that_are_no_trace(tmp_path, content, said):
    (tmp_path / "run.trace").write_bytes(content)
    done = explored.explore(tmp_path, "run.trace", "--check=true {}")
    assert done.status == 2 and said in done.stderr and not done.stdout, done


def test_a_trace_cut_short_is_explored_as_far_as_it_goes(recorded):
    whole = (recorded / "run.trace").read_bytes()
    (recorded / "cut.trace").write_bytes(whole[:-40])
    done = explored.explore(recorded, "cut.trace", "--check=./check {}")
    assert "the trace ends within a record" in done.stderr or "has no end" in done.stderr, done
    assert explored.read(done.stdout).failed >= 16


@pytest.mark.parametrize("how,said", [
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
def test_checkers_that_cannot_be_used(recorded, how, said):
    done = explored.explore(recorded, "run.trace", *how)
    if said is None:
        assert done.status == 0, done
    else:
        assert done.status == 2 and said in done.stderr and not done.stdout, done
    assert not list(recorded.glob("pmemcheck-explore-*"))


@pytest.mark.parametrize("name,body", [
    ("writes", 'echo changed | dd of="$1" bs=1 seek=300 conv=notrunc 2>/dev/null\n'),
    ("truncates", ': > "$1"\n'),
    ("removes", 'rm "$1"\n'),
    ("replaces", 'rm "$1"; mkdir "$1"\n'),
    ("adds", 'touch "$1.more"; mkdir -p "$1.d/e"\n'),
    ("removes-directory", 'rm -rf "$(dirname "$1")"\n'),
])
def test_what_a_checker_does_to_the_image_is_not_seen_by_the_next(recorded, name, body):
    check = script(recorded, f'./check "$1"\nstatus=$?\n{body}exit $status\n')
    told = explored.report(explored.explore(recorded, "run.trace", "--check", check,
                                            "--most-reductions=2"))
    assert (told.checked, told.failed, len(told.causes)) == (127, 32, 1)


def processes(mark):
    """RETURNS: how many processes have these words on their command line."""
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
    told = explored.report(done)
    assert told.failed > 0 and re.search(r"note: \d+ checks left processes behind", done.stdout)
    assert processes("7654") == 0


def test_children_that_go_on_writing_change_no_verdict(recorded):
    check = script(recorded, '(while :; do printf x | dd of="$1" bs=1 seek=192 conv=notrunc; done) '
                             '2>/dev/null &\nexec ./check "$1"\n')
    # The image is written to while it is checked: that is the checker's own doing.  The next one's
    # begins as it should: line 3 is whole where nobody writes.
    mild = script(recorded, '(sleep 0.2; printf xxxxxxxx | dd of="$1" bs=1 seek=192 conv=notrunc) '
                            '2>/dev/null &\nexec ./check "$1"\n', "mild")
    told = explored.report(explored.explore(recorded, "run.trace", "--check", mild, "-j1"))
    assert (told.checked, told.failed) == (127, 32)
    assert explored.explore(recorded, "run.trace", "--check", check, "--engine=NoReorderDoCheck",
                            ).status in (0, 1)


def test_checkers_that_hang_or_crash_have_failed(recorded):
    few = ["--engine=NoReorderDoCheck", "--from-marker=second", "--timeout=1",
           "--most-reductions=1"]
    hang = explored.report(explored.explore(recorded, "run.trace", "--check",
                                            script(recorded, "sleep 7655\n"), *few))
    assert "the check: did not end in time" in hang.causes[0].lines
    crash = explored.report(explored.explore(recorded, "run.trace", "--check",
                                             script(recorded, "kill -SEGV $$\n"), *few))
    assert any("died of signal 11" in line for line in crash.causes[0].lines)
    for mode in ([], ["--read-only-checker"]):
        for symbol, said in (("crash", "died of signal 11"), ("hang", "did not end in time")):
            told = explored.report(explored.explore(
                recorded, "run.trace", f"--check-library=./check.so:{symbol}", *mode, *few))
            assert told.failed == told.checked > 0
            assert any(said in line for line in told.causes[0].lines), told
    assert processes("7655") == 0


def test_a_full_work_directory_is_told(guest, pmemcheck, tmp_path):
    program = guest(GUEST, cflags=["-DLINES=1000"])
    done = pmemcheck([program], options=["--trace=run.trace", "--print-summary=no"])
    assert done.status == 0, done
    small = tmp_path / "small"
    small.mkdir()
    mount = 'mount -t tmpfs -o size=16k none "$1" || exit 77; shift; exec "$@"'
    unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    done = run.execute([*unshare, "sh", "-c", mount, "sh", small, place.EXPLORE, "run.trace",
                        "--check=true {}", "--engine=NoReorderDoCheck", f"--work-directory={small}"],
                       tmp_path)
    if done.status == 77 or "unshare" in done.stderr:
        pytest.skip("no file system can be mounted here")
    assert done.status == 2 and "No space left on device" in done.stderr, done


def test_a_checker_that_fills_the_disk_is_cleaned_up_after(recorded, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    check = script(recorded, './check "$1"\nstatus=$?\n'
                             'head -c 100M /dev/zero > "$1.full" 2>/dev/null\nexit $status\n')
    mount = 'mount -t tmpfs -o size=1M none "$1" || exit 77; shift; exec "$@"'
    unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    done = run.execute([*unshare, "sh", "-c", mount, "sh", small, place.EXPLORE, "run.trace",
                        "--check", check, f"--work-directory={small}", "-j1"], tmp_path)
    if done.status == 77 or "unshare" in done.stderr:
        pytest.skip("no file system can be mounted here")
    assert (explored.read(done.stdout).checked, explored.read(done.stdout).failed) == (127, 32), done


def test_nothing_is_left_in_the_work_directory(recorded, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    explored.explore(recorded, "run.trace", "--check=./check {}", f"--work-directory={work}")
    explored.explore(recorded, "run.trace", "--check=./no-such {} && true",
                     f"--work-directory={work}")
    assert list(work.iterdir()) == []


def test_tables_are_dumped_as_json():
    done = run.execute([place.EXPLORE, "--dump-tables"], "/tmp")
    tables = json.loads(done.stdout)
    assert {"name": "Fence", "code": 12, "fields": "stack"} in tables["log_records"]
    assert tables["trace_format"] == 2


def test_pmemcheck_report_tells_of_what_is_found(recorded, tmp_path):
    explored.explore(recorded, "run.trace", "--check=./check {}", "--json=found.json")
    done = run.execute([place.BUILD / "bin" / "pmemcheck-report", "found.json", "--sarif=found.sarif"],
                       tmp_path)
    assert done.status == 1 and "Does not survive a power failure" in done.stdout, done
    results = json.loads((tmp_path / "found.sarif").read_text())["runs"][0]["results"]
    assert results and {r["ruleId"] for r in results} == {"CrashState"}
