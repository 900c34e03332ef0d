# SPDX-License-Identifier: GPL-2.0-or-later
"""The line on a terminal that shows the progress of pmemcheck-explore."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
import time

import pytest

from harness import explored, place, run
from harness.explored import script

FULL = re.compile(r"point (\d+) of 3, (\d+) images, (\d+) a second, (\d+) failed(, about \d+ s left)?")
CLEAR = "\r\x1b[K"


@pytest.fixture
def on_terminal(recorded):
    """RETURNS: a function that explores with standard error on a terminal of so many columns, and calls
    meanwhile(process).  It returns a run.Run, whose stderr is what was sent to the terminal."""

    def go(*options, columns=200, meanwhile=None):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
        sent = []

        def read():
            while True:
                try:
                    sent.append(os.read(ours, 65536))
                except OSError:  # all who had the terminal open have closed it
                    return
        argv = [str(place.EXPLORE), "run.trace", *options]
        with subprocess.Popen(argv, cwd=recorded, env=run.environment(recorded, **explored.ENV),
                              stdout=subprocess.PIPE, stderr=theirs, text=True) as process:
            os.close(theirs)
            reader = threading.Thread(target=read)
            reader.start()
            if meanwhile:
                meanwhile(process)
            out, _ = process.communicate(timeout=run.GIVE_UP_AFTER)
        reader.join()
        os.close(ours)
        return run.Run(argv, process.returncode, out, b"".join(sent).decode())

    return go


def slow(directory):
    return script(directory, 'sleep 0.02; exec ./check "$1"\n')


def test_the_line_shows_points_images_a_second_and_the_time_left(on_terminal, recorded):
    done = on_terminal("--check", slow(recorded), "-j2", "--max-reductions=1")
    assert explored.read(done.stdout).checked == 127, done
    first, *lines, last = done.stderr.split(CLEAR)
    assert (first, last) == ("", "") and len(lines) > 3, lines  # cleared before, and in the end
    shown = [FULL.fullmatch(line) for line in lines]
    assert all(shown), lines
    for of in (1, 2, 4):  # points, images and failures grow
        numbers = [int(line[of]) for line in shown]
        assert numbers == sorted(numbers), lines
    assert int(shown[-1][2]) > 60 and int(shown[-1][3]) > 1 and int(shown[-1][4]) > 10, lines
    # The estimate appears once a point is done.
    assert [bool(line[5]) for line in shown] == [int(line[1]) > 0 for line in shown]
    assert shown[-1][5]


def test_the_line_is_cut_to_one_row(on_terminal, recorded):
    done = on_terminal("--check", slow(recorded), "--max-reductions=1", columns=30)
    _, *lines, _ = done.stderr.split(CLEAR)
    assert lines and all(len(line) <= 29 and line.startswith("point ") for line in lines), lines


def test_the_line_is_cleared_before_any_message(on_terminal, recorded):
    def interrupt(process):
        time.sleep(0.7)
        process.send_signal(signal.SIGINT)
    done = on_terminal("--check", slow(recorded), "-j1", "--max-reductions=1", meanwhile=interrupt)
    assert done.status == 130, done
    assert re.fullmatch(r"pmemcheck-explore: ended early; .* continues\r\n",
                        done.stderr.split(CLEAR)[-1]), done
    failed = on_terminal("--check=./no-such-program {} && true")
    assert failed.status == 2
    *_, words = failed.stderr.split(CLEAR)
    assert words.startswith("pmemcheck-explore: --check: the shell cannot run"), failed


def test_no_line_is_shown_with_quiet_or_without_a_terminal(on_terminal, recorded):
    assert on_terminal("--check=./check {}", "--quiet").stderr == ""
    assert explored.explore(recorded, "run.trace", "--check=./check {}").stderr == ""
