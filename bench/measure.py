# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a program natively and under Valgrind's tools in turn, and measures its time and memory."""

import os
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "regtest"))
from harness import place, run

ENV = {"PMEM_IS_PMEM_FORCE": "1", "PMEMOBJ_CONF": "sds.at_create=0", "PYTHONHASHSEED": "0"}

# Enough for the largest pool and the longest text log.
ROOM = 1 << 30  # bytes

# A run that takes longer has failed.
GIVE_UP_AFTER = 1800  # seconds


@dataclass(frozen=True)
class Job:
    """A program to run in an empty directory."""

    argv: tuple
    stdin: str = ""
    children: bool = False  # its children do the work
    # client(directory, process), for a server: does what a client does, and ends the server.  Raises
    # OSError if it fails.
    client: object = None


@dataclass(frozen=True)
class Tool:
    """A column of a table: the command that runs the program."""

    name: str
    command: tuple = ()
    env: dict = field(default_factory=dict)

    def before(self, job):
        """RETURNS: the whole command."""
        follow = ("--trace-children=yes",) if job.children and self.command else ()
        return (*self.command, *follow, *job.argv)


def ours(name, *options):
    return Tool(name, (str(place.COMMAND), *options))


def _of_valgrind(tool):
    # The build's directory of tools also contains Valgrind's own tools.
    return Tool(tool, (place.VALGRIND, f"--tool={tool}"), {"VALGRIND_LIB": str(place.VALGRIND_LIB)})


NATIVE = Tool("native")
NONE = _of_valgrind("none")
MEMCHECK = _of_valgrind("memcheck")
OURS = ours("ours")


def reference():
    """RETURNS: the tool that BENCH_REFERENCE names, or None."""
    command = shlex.split(os.environ.get("BENCH_REFERENCE", ""))
    if not command:
        return None
    if os.sep in command[0]:
        command[0] = os.path.abspath(command[0])
    return Tool("reference", tuple(command))


class Failed(Exception):
    """A run did not end with status 0.  The text is one line that contains the command."""


@dataclass
class Figures:
    """The figures of all rounds of one program under one tool."""

    seconds: list = field(default_factory=list)
    peaks: list = field(default_factory=list)  # MiB
    failure: str = ""

    def median(self):
        """RETURNS: seconds, or None if a run failed."""
        return None if self.failure else statistics.median(self.seconds)

    def peak(self):
        """RETURNS: MiB, or None if a run failed."""
        return None if self.failure else statistics.median(self.peaks)


def where_to_run():
    """RETURNS: the directory below which programs run, in memory if there is room."""
    shm = Path("/dev/shm")
    if os.access(shm, os.W_OK) and shutil.disk_usage(shm).free >= ROOM:
        return shm
    return Path(tempfile.gettempdir())


def measure(jobs, tools, rounds):
    """Runs each job under each tool, one after the other, and repeats this `rounds` times, so that
    other load on the machine affects all of them equally.

    RETURNS: {(number of the job, tool's name): Figures}."""
    found = {(n, tool.name): Figures() for n in range(len(jobs)) for tool in tools}
    for _ in range(rounds):
        for n, job in enumerate(jobs):
            for tool in tools:
                figures = found[n, tool.name]
                if figures.failure:
                    continue
                try:
                    seconds, peak = _run(tool, job)
                except Failed as failed:
                    figures.failure = str(failed)
                else:
                    figures.seconds.append(seconds)
                    figures.peaks.append(peak)
    return found


def _run(tool, job):
    """RETURNS: (seconds, peak memory in MiB) of one run."""
    with tempfile.TemporaryDirectory(prefix="pmemcheck-bench-", dir=where_to_run()) as there, \
            tempfile.TemporaryFile("w+", dir=there) as stdin, \
            tempfile.TemporaryFile("w+", dir=there, errors="replace") as said:
        stdin.write(job.stdin)
        stdin.seek(0)
        command = tool.before(job)
        env = run.environment(there, **ENV, **tool.env)
        begin = time.monotonic()
        try:
            process = subprocess.Popen(command, cwd=there, env=env, stdin=stdin, stdout=said,
                                       stderr=said, start_new_session=True)
        except OSError as error:
            raise Failed(f"{shlex.join(command)}: {error.strerror}") from None
        try:
            status, used = _wait(process, job, Path(there))
        except OSError as error:
            raise Failed(f"{shlex.join(command)}: its client: {error}") from None
        seconds = time.monotonic() - begin
        if status != 0:
            said.seek(0)
            last = said.read().rstrip().rpartition("\n")[2]
            raise Failed(f"{shlex.join(command)}: {_why(status, seconds)}"
                         + (f": {last}" if last else ""))
        return seconds, used.ru_maxrss / 1024


def _wait(process, job, there):
    """RETURNS: the status in subprocess's form, and the resources that the process and its children
    used, which Popen.wait() does not report for a single process."""
    def stop():
        # The process has not been waited for, so the number is still its own.
        os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(GIVE_UP_AFTER, stop)
    timer.start()
    try:
        if job.client:
            job.client(there, process)
        # Not reaped yet: stop() must not kill another process with the same number.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    except BaseException:
        stop()
        raise
    finally:
        timer.cancel()
        timer.join()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used


def _why(status, seconds):
    if status == -signal.SIGKILL and seconds >= GIVE_UP_AFTER:
        return f"killed after {GIVE_UP_AFTER} s"
    return f"status {status}" if status > 0 else f"signal {-status}"
