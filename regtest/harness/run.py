# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds guest programs, and runs programs natively and under the tool."""

import os
import shlex
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import place, report

# Every store keeps its source line and every caller its frame: there is no inlining, no tail call, and
# no loop that becomes a call of memset.  With -z now there is no lazy binding, so that the dynamic
# linker does not run between the statements of a guest.
CFLAGS = ("-std=gnu17 -Og -g -fno-inline -fno-omit-frame-pointer -fno-optimize-sibling-calls "
          "-fno-tree-loop-distribute-patterns -Wall -Wextra -Werror -pthread -Wl,-z,now").split()

# Longer than any program takes, so that a program that hangs does not hang the tests.
GIVE_UP_AFTER = 600  # seconds


class BuildFailed(Exception):
    pass


@dataclass
class Run:
    argv: list  # as typed, with the environment that matters before it
    status: int  # exit status, or minus the signal
    stdout: str
    stderr: str
    log: str = ""  # what Valgrind wrote, raw

    def parsed(self, **expected):
        """RETURNS: the log as a checked report.Log."""
        return report.parse(self.log, **expected)

    def __str__(self):
        parts = [f"$ {shlex.join(map(str, self.argv))}", f"status: {self.status}"]
        for name in ("stdout", "stderr", "log"):
            if getattr(self, name):
                parts.append(f"-- {name}:\n{getattr(self, name).rstrip()}")
        return "\n".join(parts)


def environment(home, **changes):
    """RETURNS: the environment for runs: the user's, without variables of Valgrind and PMDK."""
    env = {k: v for k, v in os.environ.items()
           if not k.startswith(("VALGRIND", "PMEM", "DEBUGINFOD", "LC_", "MALLOC_"))}
    env.update(LC_ALL="C", HOME=str(home))  # no ~/.valgrindrc
    env.update(changes)
    return env


def execute(argv, cwd, stdin="", **env):
    cwd = Path(cwd)
    with subprocess.Popen([str(a) for a in argv], cwd=cwd, env=environment(cwd, **env),
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, errors="surrogateescape", start_new_session=True) as process:
        try:
            out, err = process.communicate(stdin, timeout=GIVE_UP_AFTER)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
    shown = [f"{k}={v}" for k, v in env.items()] + list(argv)
    return Run(shown, process.returncode, out, err)


def build(source, program, cflags=(), libs=(), sources=()):
    """Compiles the guest `source`, and more `sources` if there are any, to `program`."""
    command = [*shlex.split(place.CC), *CFLAGS, f"-I{place.SOURCE / 'include'}", f"-I{place.HERE}",
               *cflags, "-o", program, source, *sources, *(f"-l{lib}" for lib in libs)]
    made = execute(command, Path(program).parent)
    if made.status != 0:
        raise BuildFailed(str(made))
    return Path(program)


def under_valgrind(argv, cwd, tool="pmemcheck", options=(), stdin="", log="valgrind.log", **env):
    """Runs argv under a tool of the build's directory, with Valgrind's output in the file `log`."""
    log_file = Path(cwd) / log
    command = [place.VALGRIND, f"--tool={tool}", f"--log-file={log_file}", *options, *argv]
    done = execute(command, cwd, stdin, VALGRIND_LIB=str(place.VALGRIND_LIB), **env)
    if log_file.is_file():
        done.log = log_file.read_text(errors="surrogateescape")
    return done
