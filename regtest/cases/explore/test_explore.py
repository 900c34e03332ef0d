# SPDX-License-Identifier: GPL-2.0-or-later
"""pmemcheck-explore on real runs: scopes, shares, interrupts, saved images; bad input."""

import json
import re
import signal
import subprocess
import time

import pytest

from harness import explored, place, run
from harness.explored import script
from harness.explored_case import GUEST


def test_a_program_and_a_library_give_the_same_report(recorded):
    reports = [explored.report(explored.explore(recorded, "run.trace", *how)) for how in (
        ["--check=./check {}"], ["--check=./check {pool}"], ["--check", "exec ./check {} || exit 1"],
        ["--check-library=check.so:check_directory"],
        ["--check-library", "./check.so:check_directory", "--read-only-checker"],
        ["--check-library=check.so:write_directory"], ["--check=./check {}", "-j1"],
        ["--check=./check {}", "-j5"])]
    report = reports[0]
    # 2^6 states each time, two of which are equal; a quarter keeps line 3 and loses line 5.
    assert (report.chosen, report.checked, report.failed) == (64 + 64 + 1, 127, 32)
    assert report.strength == "every state at 3 points"
    (cause,) = report.causes
    (kept,), (lost,) = cause.places("kept"), cause.places("lost")
    assert "main (guest.c:11)" in kept[0] and "main (guest.c:11)" in lost[0]
    for other in reports[1:]:
        assert (other.checked, other.failed, [c.id for c in other.causes]) == (
            report.checked, report.failed, [cause.id])


def test_options_select_failure_points_and_states(recorded):
    def report(*options):
        return explored.report(explored.explore(recorded, "run.trace", "--check=./check {}", *options))
    assert report("--from-marker=second").failed == 16
    assert report("--to-marker=first").points == 1
    assert report("--from-marker=first", "--to-marker=second").failed == 16
    assert report("--only-thread=2").points == 1  # the end
    assert report("--only-file=*/other").checked == 2
    assert report("--unique-stacks").points < report().points
    assert report("--engine=NoReorderDoCheck").failed == 0
    assert report("-x", "none=NoReorderNoCheck").failed == 32
    pairs = report("--engine=pairs", "--random-states=0")
    assert pairs.failed > 0 and pairs.checked < 30
    assert "every pair of parts at 2 points" in pairs.strength


def test_the_text_log_gives_the_report_of_the_trace(guest, pmemcheck, recorded, tmp_path):
    (tmp_path / "before").write_bytes(bytes(65536))
    text = GUEST.replace("VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 65536);",
                         "VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 65536);"
                         "VALGRIND_PMC_REGISTER_PMEM_FILE(open(\"pool\", O_RDWR), PM_BASE, 65536, 0);")
    done = pmemcheck([guest(text, name="logged", cflags=["-DLINES=6"])],
                     options=["--log-stores=yes", "--log-stores-stacktraces=yes"], log="stores.log")
    assert done.status == 0, done
    how = ["--check=./check {}", f"--image=pool={tmp_path}/before"]
    report = explored.report(explored.explore(tmp_path, "stores.log", *how))
    assert (report.checked, report.failed) == (127, 32)
    assert "main (logged.c:11)" in report.causes[0].places("kept")[0][0]
    without = explored.explore(tmp_path, "stores.log", "--check=./check {}")
    assert "no --image" in without.stderr and explored.read(without.stdout).failed == 32


@pytest.mark.parametrize("options,points", [
    ([], 3), (["--unique-stacks"], 2), (["--unique-stacks", "--engine=pairs", "--seed=7"], 2),
    (["--engine=random", "--max-states=40"], 3)],
    ids=["all", "unique", "unique-pairs", "random"])
def test_merged_shares_give_the_report_of_one_run(recorded, options, points):
    how = ["run.trace", "--check=./check {}", *options]
    whole = explored.explore(recorded, *how, "--json=whole.json")
    report = explored.report(whole)
    assert report.points == points and report.failed > 0
    assert ("(1 more skipped as repeats: --unique-stacks)" in whole.stdout) == (points == 2), whole
    checked = []
    for k in (1, 2, 3):
        done = explored.explore(recorded, *how, f"--shard={k}/3", f"--results=results.{k}", "-j2")
        assert done.status in (0, 1) and f"pass results.{k} to merge" in done.stdout, done
        checked.append(int(re.search(r"(\d+) images? checked", done.stdout)[1]))
    assert sum(checked) == report.checked and min(checked) > 0
    merged = explored.explore(recorded, "merge", "results.3", "results.1", "results.2",
                              "--json=merged.json")
    assert (merged.status, merged.stdout) == (whole.status, whole.stdout)
    assert explored.json_of(recorded / "merged.json") == explored.json_of(recorded / "whole.json")


def test_missing_and_repeated_shares_are_reported(recorded):
    for k in (1, 3):
        explored.explore(recorded, "run.trace", "--check=./check {}", f"--shard={k}/3",
                         f"--results=results.{k}")
    lacking = explored.explore(recorded, "merge", "results.3", "results.1")
    assert "share 2 of 3 is missing" in lacking.stderr
    assert "incomplete: the run was ended early" in lacking.stdout
    twice = explored.explore(recorded, "merge", "results.3", "results.3")
    assert twice.status == 2 and "share 3 is given twice" in twice.stderr


def test_gnu_parallel_spreads_one_exploration(recorded):
    whole = explored.explore(recorded, "run.trace", "--check=./check {}")
    # {} is for the explorer, so parallel replaces @ instead.
    command = (f"{place.EXPLORE} run.trace --check './check {{}}' "
               "--shard=@/4 --results=part.@ -j1")
    done = run.execute(["parallel", "--will-cite", "-j2", "-I@", command, ":::", "1", "2", "3", "4"],
                       recorded, **explored.ENV)
    assert sorted(p.name for p in recorded.glob("part.*")) == [f"part.{k}" for k in range(1, 5)], done
    merged = explored.explore(recorded, "merge", *sorted(p.name for p in recorded.glob("part.*")))
    assert (merged.status, merged.stdout) == (whole.status, whole.stdout)


def test_a_run_that_ctrl_c_ended_can_be_resumed(recorded):
    whole = explored.explore(recorded, "run.trace", "--check=./check {}")
    slow = script(recorded, 'sleep 0.03; exec ./check "$1"\n')
    with subprocess.Popen([place.EXPLORE, "run.trace", "--check", slow, "-j2",
                           "--max-reductions=1"], cwd=recorded,
                          env=run.environment(recorded), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (out, err)
    assert "incomplete: the run was ended early" in out and "--resume=run.trace.resume continues" in err
    assert 0 < explored.read(out).checked < 127
    done = explored.explore(recorded, "--resume=run.trace.resume")
    assert explored.read(done.stdout) == explored.read(whole.stdout), (done, whole)
    assert not (recorded / "run.trace.resume").exists()


def test_ctrl_c_during_the_search_for_causes_loses_nothing(recorded):
    whole = explored.explore(recorded, "run.trace", "--check=./check {}")
    slow = script(recorded, 'case $1 in */causes/*) sleep 0.1;; esac; exec ./check "$1"\n')
    work = recorded / "work"
    work.mkdir()
    with subprocess.Popen([place.EXPLORE, "run.trace", "--check", slow, f"--work-directory={work}"],
                          cwd=recorded, env=run.environment(recorded), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        while not list(work.glob("*/causes/pool")) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (out, err)
    report = explored.read(out)
    assert (report.checked, report.failed) == (127, 32)
    missing = 32 - sum(c.images for c in report.causes)
    assert f"incomplete: the causes of {missing} failing images were not searched for" in out, out
    assert "--resume=run.trace.resume continues" in err and list(work.iterdir()) == []
    (recorded / "checker").write_text('#!/bin/sh\nexec ./check "$1"\n')
    done = explored.explore(recorded, "--resume=run.trace.resume")
    assert (done.status, explored.read(done.stdout)) == (1, explored.read(whole.stdout)), done
    assert not (recorded / "run.trace.resume").exists()


def test_a_failing_image_is_saved_and_replayed(recorded):
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


def test_an_image_of_several_files_is_a_directory(guest, pmemcheck, tmp_path):
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
    report = explored.report(explored.explore(tmp_path, "run.trace", "--check", check))
    assert (report.checked, report.failed) == (4, 1)
    (cause,) = report.causes
    assert any("/b, stored" in line for line in cause.lines)
    named = explored.explore(tmp_path, "run.trace", "--check", "cmp -s -n 1 {a} {b}")
    assert explored.report(named).failed == 2


# ---- bad input ----------------------------------------------------------------------------------

@pytest.mark.parametrize("content,message", [
    (b"", "ends within its first bytes"),
    (b"#!/bin/sh\n", "neither a trace"),
    (b"pmemcheck trace\n\3\0\0\0\x032.0", "a trace of format 3, written by pmemcheck 2.0; this is "
                                       "pmemcheck-explore 1.0, which reads format 2"),
])
def test_a_file_that_is_not_a_trace_is_refused(tmp_path, content, message):
    (tmp_path / "run.trace").write_bytes(content)
    done = explored.explore(tmp_path, "run.trace", "--check=true {}")
    assert done.status == 2 and message in done.stderr and not done.stdout, done


def test_a_truncated_trace_is_explored_up_to_its_end(recorded):
    whole = (recorded / "run.trace").read_bytes()
    (recorded / "cut.trace").write_bytes(whole[:-40])
    done = explored.explore(recorded, "cut.trace", "--check=./check {}")
    assert "the trace ends within a record" in done.stderr or "is incomplete" in done.stderr, done
    assert explored.read(done.stdout).failed >= 16


def test_nothing_is_left_in_the_work_directory(recorded, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    explored.explore(recorded, "run.trace", "--check=./check {}", f"--work-directory={work}")
    explored.explore(recorded, "run.trace", "--check=./no-such {} && true",
                     f"--work-directory={work}")
    assert list(work.iterdir()) == []


def test_dump_tables_prints_json():
    done = run.execute([place.EXPLORE, "--dump-tables"], "/tmp")
    tables = json.loads(done.stdout)
    assert {"name": "Fence", "code": 12, "fields": "stack"} in tables["trace_records"]
    assert tables["trace_format"] == 2


def test_pmemcheck_report_shows_the_failures_found(recorded, tmp_path):
    explored.explore(recorded, "run.trace", "--check=./check {}", "--json=found.json")
    done = run.execute([place.BUILD / "bin" / "pmemcheck-report", "found.json", "--sarif=found.sarif"],
                       tmp_path)
    assert done.status == 1 and "Does not survive a power failure" in done.stdout, done
    results = json.loads((tmp_path / "found.sarif").read_text())["runs"][0]["results"]
    assert results and {r["ruleId"] for r in results} == {"CrashState"}
