# SPDX-License-Identifier: GPL-2.0-or-later
"""Random programs: the report on each equals that of a small oracle (harness/oracle.py).

    PMEMCHECK_RANDOM_PROGRAMS=N   how many programs, all groups together   (2600)
    PMEMCHECK_RANDOM_SEED=S       another N of them                        (1)

A program that fails is made as small as possible and printed, with the command that runs it alone:
program n of seed S is the first of seed S + n.

The comparison is itself tested: each error planted in the oracle must make some programs fail.
"""

import functools
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from harness import programs, run
from harness.oracle import DIRTY, STREAMED, Entry, Oracle
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
        """RETURNS: how many programs go into one guest.  With MULT and CHECK they are few, because
        each report repeats the findings of the reports before it."""
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
    """RETURNS: for each program {kind: the entries of that kind in its report}.  The list ends with the
    first program at which the tool stopped or wrote an unreadable report: {"stopped": why}."""
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
            raise  # only the two halves together fail
        return found
    return [what_is_new(report, before, programs.prefix_of(number))
            for number, (before, report) in enumerate(zip([None, *reports], reports))]


def what_is_new(report, before, prefix):
    """RETURNS: {kind: entries}, in the form of Oracle, without the entries of the report before."""
    def place(frames):
        """RETURNS: the name of the instruction if walk() called it, or else the whole stack."""
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
    """RETURNS: None, or the index of the first program whose report is not that of the oracle, and
    the report."""
    for begin in range(0, len(those), group.in_a_guest):
        part = those[begin:begin + group.in_a_guest]
        for n, found in enumerate(run_programs(part, group, directory)):
            if found != wanted_of(part[n], group):
                return begin + n, found
    return None


# ---- the description of a program that fails -----------------------------------------------------

def minimised(program, group, directory):
    """RETURNS: the smallest part of the program that still fails, and its report.  None if the program
    does not fail by itself."""
    least, those = None, [program]
    while failure := first_failure(those, group, directory):
        n, found = failure
        least = those[n], found
        those = those[n].smaller()
    return least


def difference(program, found, group):
    """RETURNS: the program, the entries of oracle and report; * marks those that only one has."""
    said, wanted = [str(program)], wanted_of(program, group)
    for kind in sorted({*wanted, *found}):
        for name, these, others in (("wanted", wanted, found), ("found", found, wanted)):
            for entry in these.get(kind, []):
                mark = " " if entry in others.get(kind, []) else "*"
                said.append(f"{name:>6} {mark} {kind}: {' '.join(map(str, entry))}")
    return "\n".join(said)


def complaint(number, program, found, group, directory):
    """RETURNS: the description of program `number`, on which the report was `found`."""
    said = [f"program {number} of seed {SEED}, options: {' '.join(group.options) or 'none'}",
            f"alone: make regress REGRESS='-k reports_of_the_oracle[{group.name}]' "
            f"PMEMCHECK_RANDOM_PROGRAMS=1 PMEMCHECK_RANDOM_SEED={SEED + number}"]
    least = minimised(program, group, directory)
    if least is None:
        said.append("It fails only after the programs before it in its guest.")
    return "\n".join([*said, "", difference(*(least or (program, found)), group)])


# ---- tests ---------------------------------------------------------------------------------------

def of_group(group, numbers):
    return [programs.make(f"{group.name} {SEED + n}", group.mapped) for n in numbers]


@pytest.mark.parametrize("group", GROUPS, ids=[g.name for g in GROUPS])
def test_random_programs_have_the_reports_of_the_oracle(group, tmp_path):
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
    """If two threads flush a byte, it waits for the fence of the second one."""

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
    """The bytes between two streams of one instruction are stored as well."""

    def stream(self, thread, place, at, size):
        last = self.last_stream if hasattr(self, "last_stream") else None
        self.last_stream = place, at + size
        if last and last[0] == place and last[1] < at < last[1] + 16:
            super().stream(thread, place, last[1], at - last[1])
        super().stream(thread, place, at, size)


class StoresJoinLater(Oracle):
    """Entries that are adjacent at the end join if they have the same state and place."""

    def lost(self):
        entries, self.entries = sorted(self.entries, key=lambda e: e.begin), []
        for e in entries:
            self._add(e)
        return super().lost()


class StoresNeverJoin(Oracle):
    def _add(self, fresh):
        self.entries.append(fresh)


class WholeStoreIsPersistent(Oracle):
    """A store across the edge of a mapping counts whole."""

    def store(self, thread, place, at, size):
        if self.persistent & set(range(at, at + size)):
            self._take_away(at, at + size)
            self._add(Entry(at, at + size, place, DIRTY))


class OverwrittenIsWhole(Oracle):
    """An overwritten store is reported whole, not only the part that is overwritten."""

    def _take_away(self, begin, end):
        if MULT in self.options:
            self.found["overwritten"] += [e.shown() for e in self.entries
                                          if e.begin < end and begin < e.end]
        for e in self._cut(begin, end):
            self.entries.remove(e)


class FlushedStreamIsRedundant(Oracle):
    """The first flush of a non-temporal store is redundant."""

    def _check_flush(self, place, at):
        met = super()._check_flush(place, at)
        self.found["redundant"] += [(*e.shown(), place) for e in met if e.state == STREAMED]
        return met


class NoFlushIsUnnecessary(Oracle):
    def _check_flush(self, place, at):
        met = super()._check_flush(place, at)
        self.found["unnecessary"].clear()
        return met


def ignoring(option):
    """RETURNS: an oracle that does not know the option."""
    def init(self, persistent, options=()):
        Oracle.__init__(self, persistent, [o for o in options if o != option])

    return type(f"Ignores{option}", (Oracle,), {"__init__": init})


# An error planted in the oracle, and the group of programs that must expose it.
PLANTED = [(wrong, "plain") for wrong in (
    LfenceFences, AnyFenceCommits, LastFlushCounts, ClflushIsWeak, FlushBeginsAtItsOperand,
    NonTemporalStoresAreOrdinary, MaskedStoresAreWhole, StoresJoinLater, StoresNeverJoin,
    WholeStoreIsPersistent)]
PLANTED += [(OverwrittenIsWhole, "mult-stores"), (FlushedStreamIsRedundant, "flush-check"),
            (NoFlushIsUnnecessary, "flush-check"), (ignoring(WEAK), "weak-clflush"),
            (ignoring(MULT), "mult-stores"), (ignoring(CHECK), "flush-check"),
            (ignoring(PROCESS), "fence-scope"), (ignoring(EADR), "eadr")]


@pytest.fixture(scope="module")
def reported(tmp_path_factory):
    """RETURNS: a function that returns [(program, its report)] for some programs of a group."""
    @functools.cache
    def of(group):
        those = of_group(group, range(min(200, 2 * group.in_a_guest)))
        here = tmp_path_factory.mktemp(group.name)
        return [pair for begin in range(0, len(those), group.in_a_guest)
                for part in [those[begin:begin + group.in_a_guest]]
                for pair in zip(part, run_programs(part, group, here), strict=True)]

    return of


@pytest.mark.parametrize("wrong,name", PLANTED, ids=[wrong.__name__ for wrong, _ in PLANTED])
def test_random_programs_expose_an_error_planted_in_the_oracle(reported, wrong, name):
    (group,) = [g for g in GROUPS if g.name == name]
    planted = replace(group, oracle=wrong)
    differ = [program for program, found in reported(group)
              if found != wanted_of(program, planted)]
    assert len(differ) >= 3, "the programs do not try this"


def test_a_failing_random_program_is_made_small(tmp_path):
    """The oracle has the error here; an error in the tool is handled in the same way."""
    those, group = of_group(PLAIN, range(200)), replace(PLAIN, oracle=LfenceFences)
    number, found = first_failure(those, group, tmp_path)
    said = complaint(number, those[number], found, group, tmp_path)
    assert said.startswith(f"program {number} of seed {SEED}, options: none\nalone: "), said
    assert said.count(" # ") <= 3 and "lfence" in said, said  # store, flush, lfence
    assert "found * lost:" in said and "wanted *" not in said, said
