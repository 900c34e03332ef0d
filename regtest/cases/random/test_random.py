# SPDX-License-Identifier: GPL-2.0-or-later
"""Random programs: the report on each is what a small oracle says (harness/oracle.py).

    PMEMCHECK_RANDOM_PROGRAMS=N   how many programs, all groups together   (2600)
    PMEMCHECK_RANDOM_SEED=S       another N of them                        (1)

A program that fails is printed, made as small as it can be, with the command that runs it alone:
program n of seed S is the first of seed S + n.
"""

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from harness import programs, run
from harness.oracle import DIRTY, Entry, Oracle
from harness.report import FormatError

PROGRAMS = int(os.environ.get("PMEMCHECK_RANDOM_PROGRAMS") or 2600)
SEED = int(os.environ.get("PMEMCHECK_RANDOM_SEED") or 1)

MULT, CHECK, WEAK = "--mult-stores=yes", "--flush-check=yes", "--expect-fence-after-clflush=yes"
PROCESS, EADR, FILE = "--fence-scope=process", "--domain=eadr", "--pmem-file=*/pmem-file"


@dataclass(frozen=True)
class Group:
    """Programs that run with the same options."""

    name: str
    options: tuple
    share: int  # of the programs, in parts of the sum of all shares
    oracle: type = Oracle

    @property
    def mapped(self):
        return FILE in self.options

    @property
    def in_a_guest(self):
        """How many programs go into one guest.  What MULT and CHECK find stays in all the reports
        that follow."""
        return 20 if {MULT, CHECK} & set(self.options) else 250


PLAIN = Group("plain", (), 6)
GROUPS = [
    PLAIN,
    Group("weak-clflush", (WEAK,), 3),
    Group("mult-stores", (MULT,), 1),
    Group("flush-check", (CHECK,), 1),
    Group("checks", (MULT, CHECK, WEAK), 1),
    Group("fence-scope", (PROCESS,), 2),
    Group("fence-scope-checks", (PROCESS, MULT, CHECK), 1),
    Group("eadr", (EADR,), 2),
    Group("eadr-checks", (EADR, MULT, CHECK), 1),
    Group("mapped", (FILE,), 2),
    Group("mapped-checks", (FILE, MULT, CHECK), 1),
]


# ---- running -------------------------------------------------------------------------------------

class GuestStopped(Exception):
    pass


def run_guest(those, group, directory):
    """Runs programs in one guest.  RETURNS: the reports on them."""
    with tempfile.TemporaryDirectory(dir=directory) as made_in:
        here = Path(made_in)
        (here / "main.c").write_text(programs.MAIN)
        (here / "programs.s").write_text(programs.assemble(those))
        # -g0: instructions have no source lines.
        guest = run.build(here / "main.c", here / "main", sources=[here / "programs.s"],
                          cflags=["-g0", "-no-pie"])
        file = here / "pmem-file"
        file.write_bytes(bytes(programs.MAPPED))
        done = run.under_valgrind([guest, *[file] * group.mapped], here, options=group.options)
    if (done.status, done.stdout, done.stderr) != (0, "", ""):
        raise GuestStopped(str(done)[-4000:])
    log = done.parsed()
    *reports, at_exit = log.reports
    assert (len(reports), log.messages, at_exit.lost) == (len(those), [], [])
    return reports


def run_programs(those, group, directory):
    """RETURNS: for each program {kind: what its report has of that kind}.  It ends with the first
    program at which the tool stopped or wrote what cannot be read; of that, {"stopped": why}."""
    try:
        reports = run_guest(those, group, directory)
    except (GuestStopped, FormatError) as error:
        if len(those) == 1:
            return [{"stopped": [(str(error),)]}]
        half = len(those) // 2
        found = run_programs(those[:half], group, directory)
        if "stopped" not in found[-1]:
            found += run_programs(those[half:], group, directory)
        if "stopped" not in found[-1]:
            raise  # it takes programs of both halves
        return found
    return [what_is_new(report, before, programs.prefix_of(number))
            for number, (before, report) in enumerate(zip([None, *reports], reports))]


def what_is_new(report, before, prefix):
    """RETURNS: {kind: what it has}, as Oracle says it, without what the report before had."""
    def place(frames):
        """RETURNS: the instruction's name, if it was called as it should be."""
        top, *callers = (f.function for f in frames)
        return top.removeprefix(prefix) if callers[:1] == ["walk"] else str(frames)

    def shown(e):
        said = [e.address - programs.AREA, e.size, e.state, place(e.frames),
                place(e.second.frames) if e.second else None]
        return tuple(word for word in said if word is not None)

    new = {kind: entries[len(before.entries[kind]) if before and kind != "lost" else 0:]
           for kind, entries in report.entries.items()}
    return {kind: sorted(map(shown, entries)) for kind, entries in new.items() if entries}


def wanted_of(program, group):
    oracle = program.replay(group.oracle(program.persistent(), group.options))
    wanted = {"lost": oracle.lost(), **oracle.found}
    return {kind: sorted(entries) for kind, entries in wanted.items() if entries}


def first_failure(those, group, directory):
    """RETURNS: None, or the index of the first program whose report is not what it should be, and
    that report."""
    for begin in range(0, len(those), group.in_a_guest):
        part = those[begin:begin + group.in_a_guest]
        for n, found in enumerate(run_programs(part, group, directory)):
            if found != wanted_of(part[n], group):
                return begin + n, found
    return None


# ---- what is said of a program that fails --------------------------------------------------------

def minimised(program, group, directory):
    """RETURNS: a program that fails as this one does, of which everything matters, and its report.
    None if it does not fail by itself."""
    least, those = None, [program]
    while failure := first_failure(those, group, directory):
        n, found = failure
        least = those[n], found
        those = those[n].smaller()
    return least


def difference(program, found, group):
    """RETURNS: the program, what is wanted and what was found; * is before what only one has."""
    said, wanted = [str(program)], wanted_of(program, group)
    for kind in sorted({*wanted, *found}):
        for name, these, others in (("wanted", wanted, found), ("found", found, wanted)):
            for entry in these.get(kind, []):
                mark = " " if entry in others.get(kind, []) else "*"
                said.append(f"{name:>6} {mark} {kind}: {' '.join(map(str, entry))}")
    return "\n".join(said)


def complaint(number, program, found, group, directory):
    """RETURNS: what to say of program `number`, in whose guest that report was found."""
    said = [f"program {number} of seed {SEED}, options: {' '.join(group.options) or 'none'}",
            f"alone: make regress REGRESS='-k random_reports[{group.name}]' "
            f"PMEMCHECK_RANDOM_PROGRAMS=1 PMEMCHECK_RANDOM_SEED={SEED + number}"]
    least = minimised(program, group, directory)
    if least is None:
        said.append("By itself it does not fail, only after those before it in its guest.")
    return "\n".join([*said, "", difference(*(least or (program, found)), group)])


# ---- tests ---------------------------------------------------------------------------------------

def of_group(group, numbers):
    return [programs.make(f"{group.name} {SEED + n}", group.mapped) for n in numbers]


@pytest.mark.parametrize("group", GROUPS, ids=[g.name for g in GROUPS])
def test_random_reports(group, tmp_path):
    count = max(1, PROGRAMS * group.share // sum(g.share for g in GROUPS))

    def judge(begin):
        numbers = range(begin, min(begin + group.in_a_guest, count))
        those = of_group(group, numbers)
        failure = first_failure(those, group, tmp_path)
        return failure and (numbers[failure[0]], those[failure[0]], failure[1])

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for failure in pool.map(judge, range(0, count, group.in_a_guest)):
            if failure:
                pool.shutdown(cancel_futures=True)
                pytest.fail(complaint(*failure, group, tmp_path), pytrace=False)


class LfenceFences(Oracle):
    lfence = Oracle.fence


class AnyFenceCommits(Oracle):
    def fence(self, thread, place):
        super().fence(0, place)
        super().fence(1, place)


class LastFlushCounts(Oracle):
    """Of two threads that flush a byte, it waits for the fence of the second."""

    def flush(self, thread, place, at):
        super().flush(thread, place, at)
        line = at // 64 * 64
        for e in self._cut(line, line + 64):
            self.entries.remove(e)
            self.entries.append(replace(e, thread=thread))


class ClflushIsWeak(Oracle):
    clflush = Oracle.flush


class FlushBeginsAtItsOperand(Oracle):
    def _check_flush(self, place, at):
        return self._cut(at, at + 64)


class NonTemporalStoresAreOrdinary(Oracle):
    def stream(self, thread, place, at, size):
        self.store(thread, place, at, size)


class MaskedStoresAreWhole(Oracle):
    """Of two streams of one instruction, what lies between is stored too."""

    def stream(self, thread, place, at, size):
        last = self.last_stream if hasattr(self, "last_stream") else None
        self.last_stream = place, at + size
        if last and last[0] == place and last[1] < at < last[1] + 16:
            super().stream(thread, place, last[1], at - last[1])
        super().stream(thread, place, at, size)


class StoresJoinLater(Oracle):
    """What touches in the end is one entry, if it is in one state and from one place."""

    def lost(self):
        entries, self.entries = sorted(self.entries, key=lambda e: e.begin), []
        for e in entries:
            self._add(e)
        return super().lost()


class StoresNeverJoin(Oracle):
    def _add(self, fresh):
        self.entries.append(fresh)


class WholeStoreIsPersistent(Oracle):
    """Even where it goes over the edge of a mapping."""

    def store(self, thread, place, at, size):
        if self.persistent & set(range(at, at + size)):
            self._take_away(at, at + size)
            self._add(Entry(at, at + size, place, DIRTY))


PLANTED = (LfenceFences, AnyFenceCommits, LastFlushCounts, ClflushIsWeak, FlushBeginsAtItsOperand,
           NonTemporalStoresAreOrdinary, MaskedStoresAreWhole, StoresJoinLater, StoresNeverJoin,
           WholeStoreIsPersistent)


@pytest.fixture(scope="module")
def some(tmp_path_factory):
    """RETURNS: [(program, what was found)]"""
    those = of_group(PLAIN, range(200))
    return list(zip(those, run_programs(those, PLAIN, tmp_path_factory.mktemp("some"))))


@pytest.mark.parametrize("wrong", PLANTED)
def test_random_programs_show_an_error(some, wrong):
    group = replace(PLAIN, oracle=wrong)
    differ = [program for program, found in some if found != wanted_of(program, group)]
    assert len(differ) >= 3, "the programs do not try this"


def test_random_failure_is_made_small(tmp_path):
    """An error in the oracle takes the way of one in the tool."""
    those, group = of_group(PLAIN, range(200)), replace(PLAIN, oracle=LfenceFences)
    number, found = first_failure(those, group, tmp_path)
    said = complaint(number, those[number], found, group, tmp_path)
    assert said.startswith(f"program {number} of seed {SEED}, options: none\nalone: "), said
    assert said.count(" # ") <= 3 and "lfence" in said, said  # store, flush, lfence
    assert "found * lost:" in said and "wanted *" not in said, said
