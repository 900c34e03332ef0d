# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures how many states a second pmemcheck-explore checks on one core, in turn with a bare loop that
runs the same checker."""

import os
import re
import shlex
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from measure import ENV, place
from rows import WORKLOADS, Unavailable

POOL = 8 << 20

# (name, the checker's option, the bare loop, the least ratio to it, states for each point (there are
# 1024), how often the bare loop runs the checker)
ROWS = (
    ("program", ["--check={states} check {{}}"], "spawn", 0.8, 60, 2000),
    ("library", ["--check-library={library}:check"], "fork", 0.8, 200, 8000),
    ("read-only", ["--check-library={library}:check", "--read-only-checker"], "call", 0.5, 1024,
     400000),
)


def build(bin_directory):
    """RETURNS: the program and the library made of bench/workloads/states.c."""
    made = []
    for name, flags in (("states", []), ("states.so", ["-shared", "-fPIC"])):
        target = bin_directory / name
        command = [*shlex.split(place.CC), "-std=gnu17", "-O2", "-g", f"-I{place.SOURCE / 'include'}",
                   f"-I{WORKLOADS}", *flags, "-o", target, WORKLOADS / "states.c", "-lpmem"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise Unavailable(f"states.c does not compile: {done.stderr.splitlines()[:1]}")
        made.append(target)
    return made


def seconds_of(command, directory, env):
    """RETURNS: the seconds that the command took on one processor, and what it printed."""
    one = {min(os.sched_getaffinity(0))}
    begin = time.monotonic()
    done = subprocess.run([str(c) for c in command], cwd=directory, env=env, text=True,
                          capture_output=True, preexec_fn=lambda: os.sched_setaffinity(0, one))
    if done.returncode != 0:
        raise Unavailable(f"{command[0]}: {done.stderr or done.stdout}")
    return time.monotonic() - begin, done.stdout


def explored(command, directory, env, states):
    """RETURNS: states a second.  The time of a run with a tenth of the states is subtracted, so reading
    the trace and making the first image do not count."""
    counted = []
    for most in (max(2, states // 10), states):
        took, said = seconds_of([*command, f"--max-states={most}", "--engine=random"], directory, env)
        counted.append((took, int(re.search(r"images: (\d+) checked", said)[1])))
    (few_took, few), (took, many) = counted
    return (many - few) / max(took - few_took, 1e-9)


def measure_states(report, bin_directory, rounds):
    states, library = build(bin_directory)
    env = {**os.environ, **ENV}
    shm = Path("/dev/shm")
    directory = Path(tempfile.mkdtemp(prefix="pmemcheck-bench-", dir=shm if shm.is_dir() else None))
    try:
        seconds_of([place.COMMAND, "-q", "--print-summary=no", f"--trace={directory}/run.trace",
                    states, "record", directory / "pool"], directory, env)
        report.line("States a second on one core, for a full pool of 8 MiB and a checker that reads a line "
                    "of it.\nbare: a loop that only runs the same checker.  want: the least ratio.  "
                    f"Medians of {rounds} round(s), in turn.\n")
        report.line(f"{'checker':<12}{'explored':>12}{'bare':>12}{'ratio':>8}{'want':>8}")
        for name, how, ceiling, want, most, count in ROWS:
            options = [o.format(states=states, library=library) for o in how]
            ours, bare = [], []
            for _ in range(rounds):
                ours.append(explored([place.EXPLORE, "run.trace", "-j1", "--quiet",
                                      "--from-marker=filled", *options],
                                     directory, env, most))
                bare.append(float(seconds_of([states, ceiling, count, directory / "pool", library],
                                             directory, env)[1]))
            got, limit = statistics.median(ours), statistics.median(bare)
            report.line(f"{name:<12}{got:>12.0f}{limit:>12.0f}{got / limit:>8.2f}{want:>8}"
                        f"{'' if got >= want * limit else '  below the limit'}")
    finally:
        shutil.rmtree(directory, ignore_errors=True)
