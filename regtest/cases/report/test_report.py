# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the report goes, what precedes and follows it, and how strictly the tests read it."""

import re

import pytest

from harness import place, report

LOSES = r"""
#include "guest.h"

int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  END();
}
"""
KILLED = LOSES.replace("END()", "abort()")
STATS = LOSES.replace("END()", "VALGRIND_PMC_WRITE_STATS; VALGRIND_PMC_WRITE_STATS; END()")

# The report on LOSES.
GOLDEN = """\

Number of stores not made persistent: 1
Stores not made persistent properly:
[0]    at 0xADDRESS: main (guest.c:6)
\tAddress: 0x200000000\tsize: 8\tstate: DIRTY
Total memory not made persistent: 8
ERROR SUMMARY: 1 errors
"""


def bare(text):
    """RETURNS: text without the prefixes and without addresses of code."""
    return re.sub(r"(at|by) 0x[0-9A-F]+:", r"\1 0xADDRESS:", re.sub(r"(?m)^==\d+== ", "", text))


def test_the_report_follows_the_preamble(guest, pmemcheck):
    done = pmemcheck([guest(LOSES)])
    assert bare(done.log).split("\n", 6)[6] == GOLDEN, done


def test_option_q_prints_only_the_report(guest, pmemcheck):
    done = pmemcheck([guest(LOSES)], options=["-q"])
    assert bare(done.log) == GOLDEN, done


def test_write_stats_prints_the_report_each_time(guest, pmemcheck):
    done = pmemcheck([guest(STATS)], options=["-q"])
    assert bare(done.log) == (GOLDEN + "\n") * 2 + GOLDEN, done


def test_a_report_without_findings_has_two_lines(guest, pmemcheck):
    done = pmemcheck([guest("int main(void) { return 0; }")], options=["-q"])
    wanted = "\nNumber of stores not made persistent: 0\nERROR SUMMARY: 0 errors\n"
    assert bare(done.log) == wanted, done


def test_without_a_log_file_the_report_goes_to_stderr(guest, native, tmp_path):
    program = guest(LOSES)
    done = native([place.VALGRIND, "--tool=pmemcheck", program],
                  VALGRIND_LIB=str(place.VALGRIND_LIB))
    lines = bare(done.stderr).split("\n", 5)
    assert lines[0] == "pmemcheck-1.0, a simple persistent store checker", done
    assert lines[1].startswith("Copyright"), done
    assert lines[2].startswith("Using Valgrind-"), done
    assert lines[3:5] == [f"Command: {program}", ""], done
    assert lines[5] == GOLDEN, done
    assert (done.status, done.stdout) == (0, ""), done


def test_the_pmemcheck_command_runs_the_tool(guest, native, tmp_path):
    done = native([place.COMMAND, f"--log-file={tmp_path / 'log'}", guest(LOSES)])
    assert (done.status, done.stdout, done.stderr) == (0, "", ""), done
    assert len(report.parse((tmp_path / "log").read_text()).reports[0].lost) == 1


def test_the_pmemcheck_command_passes_every_argument_on(guest, native, tmp_path):
    program = guest(r"""
#include <stdio.h>
int main(int argc, char** argv) {
  for (int i = 1; i < argc; i++) printf("<%s>", argv[i]);
  return argc;
}
""")
    arguments = ["--help", "a b", "", "'*\"$x"]
    done = native([place.COMMAND, "-q", "--print-summary=no", program, *arguments])
    assert (done.status, done.stdout, done.stderr) == (5, "<--help><a b><><'*\"$x>", ""), done


def test_a_program_that_aborts_has_its_report(guest, pmemcheck):
    done = pmemcheck([guest(KILLED)])
    assert done.status == -6, done
    log = done.parsed()
    assert "Process terminating with default action of signal 6 (SIGABRT)" in log.messages, done
    assert [(e.size, e.state) for e in log.reports[0].lost] == [(8, "DIRTY")], done


PREAMBLE = "".join(f"==1== {line}\n" for line in (
    "pmemcheck-1.0, a simple persistent store checker", "Copyright (c) x", "Using Valgrind-3.19.0",
    "Command: x", "Parent PID: 2", ""))
ONE = PREAMBLE + "".join(f"==1== {line}\n" for line in GOLDEN.replace(
    "0xADDRESS", "0x1").splitlines())


def test_the_reader_of_reports_accepts_the_format():
    log = report.parse(ONE)
    assert (log.command, len(log.reports), log.messages) == ("x", 1, [])


@pytest.mark.parametrize("before,after", [
    ("size: 8", "size: 9"),  # the total is wrong
    ("persistent: 1", "persistent: 2"),  # an entry is missing
    ("SUMMARY: 1", "SUMMARY: 2"),  # the sum is wrong
    ("state: DIRTY", "state: CLEAN"),
    ("Stores not made", "Stores made"),
    ("[0]    at", "[1]    at"),
    ("[0]    at", "[0]   at"),
    ("==1== ERROR SUMMARY: 1 errors\n", ""),
    ("==1== ERROR SUMMARY: 1 errors", "==1== ERROR SUMMARY: 1 errors\n==1== more"),
    ("==1== Number", "==1== \n==1== Number"),  # two empty lines
    ("pmemcheck-1.0", "pmemcheck-2.0"),
    ("0x200000000", "0x20000000A"),
])
def test_the_reader_of_reports_is_strict(before, after):
    assert before in ONE
    with pytest.raises(report.FormatError):
        report.parse(ONE.replace(before, after))


def test_valgrind_finds_its_own_tools_beside_ours(native):
    done = native([place.VALGRIND, "-q", "--tool=none", "/bin/true"],
                  VALGRIND_LIB=str(place.VALGRIND_LIB))
    assert (done.status, done.stdout, done.stderr) == (0, "", ""), done


def test_the_report_is_the_same_on_every_run(guest, pmemcheck):
    program = guest(LOSES)
    first, second = (bare(pmemcheck([program], options=["-q"]).log) for _ in range(2))
    assert first == second
