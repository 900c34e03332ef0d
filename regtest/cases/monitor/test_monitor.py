# SPDX-License-Identifier: GPL-2.0-or-later
"""Monitor commands, sent with vgdb while a program runs.

A guest prints that it is ready, then waits for a line of input.  It does not sleep while it waits:
Valgrind answers vgdb while the program's code runs, so that only one test needs the right to ptrace.
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from harness import place, run, trace

BASE = 0x200000000

GUEST = r"""
#include "guest.h"
#include <poll.h>

/* No stdio, because it takes locks, and a locked instruction is a fence. */
static void wait_for_a_line(int patience) {
  struct pollfd input = {.fd = 0, .events = POLLIN};
  char byte = 0;
  char ready[32];
  int bytes = snprintf(ready, sizeof ready, "ready %d\n", (int)getpid());
  STORES
  if (write(1, ready, bytes) != bytes) pm_fail("write");
  while (poll(&input, 1, patience) == 0) {}
  while (read(0, &byte, 1) == 1 && byte != '\n') {}
}

int main(int argc, char** argv) {
  (void)argv;
  wait_for_a_line(argc > 1 ? -1 : 1);
  if (write(1, "done\n", 5) != 5 || write(2, "a word\n", 7) != 7) pm_fail("write");
  _exit(3);
}
"""

STORES = r"""
  pm_open(4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 0x100000, 100);
  PM(uint64_t, 0) = 1;
  PM(uint32_t, 64) = 2;
  CLWB(PM_BASE + 64);
  PM(char, 128) = 3;
"""


def find_vgdb():
    """RETURNS: the vgdb of the Valgrind under test.  If there is none, or it belongs to another release
    of the distribution and does not run here, the one from PATH: releases understand each other."""
    beside = Path(os.path.realpath(shutil.which(place.VALGRIND))).parent / "vgdb"
    for program in filter(None, [shutil.which(beside), shutil.which("vgdb")]):
        if subprocess.run([program, "--help"], capture_output=True).returncode == 0:
            return program
    return None


VGDB = find_vgdb()
pytestmark = pytest.mark.skipif(VGDB is None, reason="no vgdb that runs here")

# After a vgdb has ended, Valgrind closes its pipes to it one after the other.  A vgdb that connects in
# the meantime is cut off, or Valgrind gets a SIGPIPE, so the next vgdb waits this long.
TIME_TO_HANG_UP = 0.05  # seconds


class Session:
    """A guest that waits under the tool, and vgdb for it."""

    def __init__(self, program, directory, *arguments, options=()):
        self.directory = directory
        self.log = directory / "valgrind.log"
        self.prefix = f"--vgdb-prefix={directory / 'vgdb'}"
        self.argv = [place.VALGRIND, "--tool=pmemcheck", f"--log-file={self.log}", self.prefix,
                     "--vgdb-poll=20", *options, str(program), *arguments]
        self.process = subprocess.Popen(
            self.argv, cwd=directory,
            env=run.environment(directory, VALGRIND_LIB=str(place.VALGRIND_LIB)),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True)
        self.pid = self.process.stdout.readline().removeprefix("ready ").strip()

    def vgdb(self, command, *options):
        """RETURNS: the run of `vgdb command`."""
        argv = [VGDB, self.prefix, f"--pid={self.pid}", *options, command]
        done = run.execute(argv, self.directory)
        time.sleep(TIME_TO_HANG_UP)
        return done

    def ask(self, command):
        """RETURNS: the answer to a command.  vgdb does not interrupt a system call for it."""
        done = self.vgdb(command, "--max-invoke-ms=0")
        assert done.status == 0, done
        return done.stdout

    def end(self):
        """Lets the guest go on.  RETURNS: its run.Run."""
        out, err = self.process.communicate("\n", timeout=run.GIVE_UP_AFTER)
        return run.Run(self.argv, self.process.returncode, out, err, self.log.read_text())

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture
def start(guest, tmp_path):
    """Starts a guest that makes some stores and waits.  RETURNS: a Session."""
    sessions = []

    def make(*arguments, stores=STORES, **how):
        program = guest(GUEST.replace("STORES", stores.strip()))
        sessions.append(Session(program, tmp_path, *arguments, **how))
        assert sessions[-1].pid.isdecimal(), sessions[-1].log.read_text()
        return sessions[-1]

    yield make
    for session in sessions:
        session.kill()


def line_of(statement):
    text = GUEST.replace("STORES", STORES.strip())
    return next(n for n, line in enumerate(text.splitlines(), 1) if statement in line)


def lost_now(answer):
    """RETURNS: (first line of the stack without its address, last line) of each entry of an answer."""
    lines = answer.splitlines()
    return [(lines[i].split(": ", 1)[1], lines[i + 2]) for i in range(len(lines))
            if lines[i].startswith("[")]


def entries(log):
    assert len(log.reports) == 1 and log.messages == []
    return [(e.address - BASE, e.size, e.state) for e in log.reports[0].lost]


def unaffected(done):
    return (done.status, done.stdout, done.stderr) == (3, "done\n", "a word\n")


ALL = [(0, 8, "DIRTY"), (64, 4, "FLUSHED"), (128, 1, "DIRTY")]

HELP = """
pmemcheck monitor commands:
  print_stats
        prints the report, as of now
  print_pmem_regions
        prints the persistent mappings
  print_pending
        prints the stores that are not durable yet
  set_clean <addr> <len>
        forgets what is not durable yet in the <len> bytes at <addr>

"""

# The top frame and the last line of each entry; the caller is always main.
PENDING = [(f"wait_for_a_line (guest.c:{line_of('PM(uint64_t, 0)')})",
            "\tAddress: 0x200000000\tsize: 8\tstate: DIRTY"),
           (f"wait_for_a_line (guest.c:{line_of('PM(uint32_t, 64)')})",
            "\tAddress: 0x200000040\tsize: 4\tstate: FLUSHED"),
           (f"wait_for_a_line (guest.c:{line_of('PM(char, 128)')})",
            "\tAddress: 0x200000080\tsize: 1\tstate: DIRTY")]

WANT_RANGE = ("set_clean: {}want <addr> <len> or <addr>[<len>], <addr> as 0x..., "
              "<len> 1 or more\n")
NO_ADDRESS = "missing or malformed address\n" + WANT_RANGE.format("")
NO_NUMBER = ("malformed integer, expecting hex 0x..... or dec ...... or binary 0b.....\n"
             + WANT_RANGE.format(""))

BAD = {
    "print_stats now": "print_stats: now: want no argument\n",
    "print_pmem_regions 0 1": "print_pmem_regions: 0: want no argument\n",
    "print_pending all": "print_pending: all: want no argument\n",
    "set_clean": NO_ADDRESS,
    "set_clean here 8": NO_ADDRESS,
    "set_clean 8589934592 8": NO_ADDRESS,
    "set_clean 0x200000000": WANT_RANGE.format(""),
    "set_clean 0x200000000 0": WANT_RANGE.format(""),
    "set_clean 0x200000000[0]": WANT_RANGE.format(""),
    "set_clean 0x200000000 -1": NO_NUMBER,
    "set_clean 0x200000000 8q": NO_NUMBER,
    "set_clean 0x200000000 8 8": WANT_RANGE.format("8: "),
    "set_clean 0x200000000[8] 8": WANT_RANGE.format("8: "),
    "print": "print can match print_stats print_pmem_regions print_pending\n",
    "print_p": "print_p can match print_pmem_regions print_pending\n",
}


def test_help_lists_valgrinds_commands_then_ours(start):
    session = start()
    for command in ["help", "h", "help debug"]:
        answer = session.ask(command)
        assert answer.startswith("general valgrind monitor commands:\n"), answer
        assert answer.endswith(HELP), answer
    assert unaffected(session.end())


def test_print_stats_prints_the_current_report(start):
    session = start()
    answer = session.ask("print_stats")
    done = session.end()
    assert unaffected(done), done
    assert entries(done.parsed()) == ALL, done
    # The text of the log at exit, without the prefix and the empty line before it.
    prefix = f"=={session.pid}== "
    log = "".join(line.removeprefix(prefix) for line in done.log.splitlines(keepends=True))
    assert log.endswith("\n\n" + answer), done
    assert answer.startswith("Number of stores not made persistent: 3\n"), answer
    assert answer.endswith("\nERROR SUMMARY: 3 errors\n"), answer


def test_print_stats_has_no_summary_line_with_error_summary_no(start):
    session = start(options=["--error-summary=no", "--print-summary=no"])
    answer = session.ask("print_stats")
    assert answer.startswith("Number of stores not made persistent: 3\n"), answer
    assert answer.endswith("\nTotal memory not made persistent: 13\n"), answer
    done = session.end()
    assert unaffected(done), done
    assert "Number of" not in done.log, done


def test_print_pmem_regions_prints_the_mappings(start):
    session = start()
    assert session.ask("print_pmem_regions") == ("[0] Mapping base: 0x200000000\tsize: 4096\n"
                                                 "[1] Mapping base: 0x200100000\tsize: 100\n")
    assert unaffected(session.end())


def test_print_pending_prints_the_stores_that_are_not_durable(start):
    session = start()
    answer = session.ask("print_pending")
    lines = answer.splitlines()
    assert lines[:2] == ["Number of stores not made persistent: 3",
                         "Stores not made persistent properly:"], answer
    assert [line[:10] for line in lines if line.startswith("[")] == [
        f"[{i}]    at " for i in range(3)], answer
    assert lost_now(answer) == PENDING, answer
    assert [line[:8] for line in lines[3:-1:3]] == ["   by 0x"] * 3, answer
    assert lines[-1] == "Total memory not made persistent: 13", answer
    assert len(lines) == 3 + 3 * 3, answer
    assert unaffected(session.end())


def test_every_command_answers_without_persistent_memory(start):
    session = start(stores="(void)PM_BASE;")
    assert session.ask("print_pmem_regions") == "no persistent mappings\n"
    assert session.ask("print_pending") == "Number of stores not made persistent: 0\n"
    assert session.ask("print_stats") == ("Number of stores not made persistent: 0\n"
                                          "ERROR SUMMARY: 0 errors\n")
    assert session.ask("set_clean 0x200000000 8") == "0x200000000[8]: nothing outstanding\n"
    assert unaffected(session.end())


def test_set_clean_removes_the_store_from_the_report(start):
    session = start()
    assert session.ask("set_clean 0x200000000 8") == "0x200000000[8]: forgotten\n"
    assert lost_now(session.ask("print_pending")) == PENDING[1:]
    assert session.ask("set_clean 0x200000000 8") == "0x200000000[8]: nothing outstanding\n"
    done = session.end()
    assert unaffected(done), done
    assert entries(done.parsed()) == ALL[1:], done


def test_set_clean_is_recorded_in_the_trace_as_the_request_is(start, tmp_path):
    session = start(options=[f"--trace={tmp_path}/run.trace"])
    session.ask("set_clean 0x200000000 8")
    assert unaffected(session.end())
    records, is_cut = trace.read((tmp_path / "run.trace").read_bytes())
    assert not is_cut
    assert [r.fields for r in records if r.kind == "Persist"] == [
        {"address": BASE, "bytes": 8, "stack": 0}]


@pytest.mark.parametrize("form", ["0x200000040 1", "0x200000040[1]", "0x200000040 0x1",
                                  "0x200000040 0b1", "  0x200000040   1  "])
def test_set_clean_of_a_part_of_a_store_keeps_the_rest(start, form):
    session = start()
    assert session.ask(f"set_clean {form}") == "0x200000040[1]: forgotten\n"
    done = session.end()
    assert unaffected(done), done
    assert entries(done.parsed()) == [ALL[0], (65, 3, "FLUSHED"), ALL[2]], done


def test_set_clean_of_the_whole_address_space_discards_every_store(start):
    session = start()
    top = 2**64 - 1
    assert session.ask(f"set_clean 0x1 {top:#x}") == f"0x1[{top - 1}]: forgotten\n"
    done = session.end()
    assert unaffected(done), done
    assert entries(done.parsed()) == [], done


def test_a_wrong_command_is_refused_and_changes_nothing(start):
    session = start()
    assert {command: session.ask(command) for command in BAD} == BAD
    # Valgrind itself refuses an unknown command.
    assert "print_everything" in session.ask("print_everything")
    assert lost_now(session.ask("print_pending")) == PENDING
    done = session.end()
    assert unaffected(done), done
    assert entries(done.parsed()) == ALL, done


def test_command_names_may_be_abbreviated(start):
    session = start()
    assert session.ask("print_s") == session.ask("print_stats")
    assert session.ask("print_pm") == session.ask("print_pmem_regions")
    assert session.ask("print_pe") == session.ask("print_pending")
    assert session.ask("set 0x200000000 8") == "0x200000000[8]: forgotten\n"
    assert unaffected(session.end())


def test_an_answer_of_2000_entries_is_complete(start):
    count = 2000
    session = start(stores=f"pm_open(1 << 20);\n"
                           f"for (int i = 0; i < {count}; i++) PM(char, 2 * i) = 1;")
    answer = session.ask("print_pending")
    assert [tail for _, tail in lost_now(answer)] == [
        f"\tAddress: {BASE + 2 * i:#x}\tsize: 1\tstate: DIRTY" for i in range(count)]
    assert answer.endswith(f"\nTotal memory not made persistent: {count}\n")
    assert unaffected(session.end())


def test_vgdb_reaches_a_program_that_sleeps_in_a_system_call(start):
    session = start("sleeps")
    done = session.vgdb("print_pending")
    if done.status != 0 and "Operation not permitted" in done.stderr:
        pytest.skip("vgdb may not ptrace here")
    assert done.status == 0 and lost_now(done.stdout) == PENDING, done
    assert session.vgdb("set_clean 0x200000000[8]").stdout == "0x200000000[8]: forgotten\n"
    done = session.end()
    assert unaffected(done), done
    assert entries(done.parsed()) == ALL[1:], done
