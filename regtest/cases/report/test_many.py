# SPDX-License-Identifier: GPL-2.0-or-later
"""A hundred thousand findings of one kind: the program goes on, and each finding is counted."""

import re
import time

import pytest

from harness.case import PM_BASE

N = 100_000
GUEST = r"""
#include "guest.h"

#define N 100000L

int main(void) {
  pm_open(N * 64);
  BEFORE;
  for (long i = 0; i < N; i++) {
    ACT;
  }
  AFTER;
  puts("still here");
  fflush(stdout);
  END();
}
"""
STORE = "PM(uint64_t, i * 64) = 1"
CLEAN = "VALGRIND_PMC_SET_CLEAN(PM_BASE, N * 64)"
BOTH = "VALGRIND_PMC_START_TX_N(6); VALGRIND_PMC_START_TX_N(7)"

# Kind, statement before, statement done N times, statement after, options.
MANY = [
    ("lost", "", STORE, "", []),
    ("outside-tx", "VALGRIND_PMC_START_TX", STORE, f"VALGRIND_PMC_END_TX; {CLEAN}", []),
    ("overlap", BOTH, "VALGRIND_PMC_ADD_TO_TX_N(6, PM_BASE + i * 64, 8);"
     " VALGRIND_PMC_ADD_TO_TX_N(7, PM_BASE + i * 64, 8)",
     "VALGRIND_PMC_END_TX_N(6); VALGRIND_PMC_END_TX_N(7)", []),
    ("active-tx", "", "VALGRIND_PMC_START_TX_N(i)", "", []),
    ("redundant", "", f"{STORE}; CLWB(PM_BASE + i * 64); CLWB(PM_BASE + i * 64)", "SFENCE()",
     ["--flush-check=yes"]),
    ("unnecessary", "", "CLWB(PM_BASE + i * 64)", "", ["--flush-check=yes"]),
    ("overwritten", "", f"{STORE}; {STORE}", CLEAN, ["--mult-stores=yes"]),
]
EACH = "--group=no"


def of_each_kind(rows):
    return pytest.mark.parametrize("kind,before,act,after,options", rows, ids=[r[0] for r in rows])


@of_each_kind(MANY)
def test_100000_findings_are_each_counted(guest, pmemcheck, kind, before, act, after, options):
    text = GUEST.replace("BEFORE", before).replace("ACT", act).replace("AFTER", after)
    began = time.monotonic()
    done = pmemcheck([guest(text)], options=[*options, EACH])
    took = time.monotonic() - began
    assert (done.status, done.stdout, done.stderr) == (0, "still here\n", ""), done.log[:2000]
    (found,) = done.parsed().reports
    assert found.found() == {kind: N}
    if kind != "active-tx":
        addresses = sorted(e.address for e in found.entries[kind])
        assert addresses == list(range(PM_BASE, PM_BASE + N * 64, 64))
    assert {len(e.frames) for e in found.entries[kind]} == {1}
    assert took < 60, f"took {took} s, want less than 60 s"


@of_each_kind(MANY[1:2] + MANY[4:])
def test_100000_findings_at_one_address_are_separate_entries(guest, pmemcheck, kind, before, act,
                                                             after, options):
    if kind == "redundant":
        before, act = "PM(uint64_t, 0) = 1; CLWB(PM_BASE)", "CLWB(PM_BASE)"
    if kind == "overwritten":
        before, act = "PM(uint64_t, 0) = 0", "PM(uint64_t, 0) = (uint64_t)i"
    act = act.replace("i * 64", "0")
    text = GUEST.replace("BEFORE", before).replace("ACT", act).replace("AFTER", after)
    done = pmemcheck([guest(text)], options=[*options, EACH])
    assert done.status == 0, done.log[:2000]
    (found,) = done.parsed().reports
    assert found.found() == {kind: N}
    assert {e.address for e in found.entries[kind]} == {PM_BASE}


@of_each_kind(MANY)
def test_100000_findings_are_grouped_unless_group_no(guest, pmemcheck, kind, before, act, after,
                                                     options):
    """The first finding is listed, and one line sums up the others.  The report says so."""
    text = GUEST.replace("BEFORE", before).replace("ACT", act).replace("AFTER", after)
    done = pmemcheck([guest(text)], options=options)
    assert (done.status, done.stdout, done.stderr) == (0, "still here\n", ""), done.log[:2000]
    assert len(done.log) < 3000
    lines = re.sub(r"(?m)^==\d+== ", "", done.log).splitlines()
    entries = [line for line in lines if line.startswith("[0]    at ")]
    assert len(entries) == 1 and not any(line.startswith("[1]") for line in lines), done.log
    assert sum(re.fullmatch(f"Number of .*: {N}", line) is not None for line in lines) == 1
    assert "Grouped because there are so many: --group=no lists each one" in lines
    more = [line for line in lines if line.startswith(f"   and {N - 1} more like it")]
    assert len(more) == 1 and f"ERROR SUMMARY: {N} errors" in lines, done.log
    if kind != "active-tx":
        assert f" from {PM_BASE:#x} to before " in more[0], done.log
