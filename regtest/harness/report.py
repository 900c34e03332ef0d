# SPDX-License-Identifier: GPL-2.0-or-later
"""Parses the output of the tool strictly: a line that the format does not have is an error.

A log consists of the core's preamble, messages, the text log, the reports of WRITE_STATS and the
report at exit.  A report has one section for each kind of finding, in the order of KINDS, and the
summary line.  A new kind of section needs a new row of KINDS.
"""

import re
from dataclasses import dataclass, field


class FormatError(AssertionError):
    pass


@dataclass(frozen=True)
class Kind:
    name: str
    count: str  # "COUNT: N", the section's first line
    heading: str  # the line before the list, if any
    tail: str  # the line that ends an entry
    total: str = ""  # "TOTAL: BYTES", the line after the list, if any
    second: str = ""  # the line before an entry's second stack, if it has one
    may_lack_second: bool = False
    second_tail: str = ""  # the line that ends the second stack, if any


PLACE = r"\tAddress: 0x(?P<address>[0-9a-f]+)\tsize: (?P<size>\d+)"
STATE = r"\tstate: (?P<state>DIRTY|FLUSHED)"
TX = r"\ttx_id: (?P<tx>\d+)"

# The first section always appears; a later one only if it has an entry.
KINDS = (
    Kind("lost", "Number of stores not made persistent", "Stores not made persistent properly:",
         PLACE + STATE, total="Total memory not made persistent",
         second="   Its mapping went away here:", may_lack_second=True),
    Kind("outside-tx", "Number of stores made without adding to transaction",
         "Stores made without adding to transactions:", PLACE),
    Kind("overlap", "Number of overlapping regions registered in different transactions",
         "Overlapping regions:", PLACE + TX, second="   First registered here:",
         second_tail=PLACE + TX),
    Kind("active-tx", "Number of active transactions", "", TX + r"\t nesting: (?P<nesting>\d+)"),
    Kind("redundant", "Number of redundantly flushed stores", "Stores flushed multiple times:",
         PLACE + r"\tstate: (?P<state>FLUSHED)", second="   Flushed again here:"),
    Kind("unnecessary", "Number of unnecessary flushes", "", PLACE),
    Kind("overwritten", "Number of overwritten stores",
         "Overwritten stores before they were made persistent:", PLACE + STATE),
    Kind("not-durable", "Number of stores not durable where the program asserts it",
         "Stores not durable where the program asserts it:", PLACE + STATE,
         second="   Stored here:"),
    Kind("out-of-order", "Number of stores made before what they depend on was durable",
         "Stores made before what they depend on was durable:", PLACE,
         second="   What had to be durable first was stored here:", second_tail=PLACE + STATE),
)

PREAMBLE = (
    r"pmemcheck-1\.0, a simple persistent store checker",
    r"Copyright .*",
    r"Using Valgrind-\d+\.\d+.*",
    r"Command: (?P<command>.*)",
    r"Parent PID: (?P<parent>\d+)",
    r"",
)
FRAME = re.compile(r"   (?P<first>at|by) 0x(?P<address>[0-9A-Fa-f]+): (?P<function>.+?)"
                   r"(?: \((?P<file>[^()]+):(?P<line>\d+)\)| \(in (?P<object>[^()]*)\))?")
INDEX = re.compile(r"\[(\d+)\] (   at .*)")
SECOND_INDEX = re.compile(r"\[(\d+)\]'(   at .*)")
STORE_LOG = ("START", "|")  # how a line of the text log begins; log.py parses it
SUPPRESSED = re.compile(r"Number of suppressed findings: ([1-9]\d*)")
SUMMARY = re.compile(r"ERROR SUMMARY: (\d+) errors")


@dataclass(frozen=True)
class Frame:
    function: str
    file: str = None
    line: int = None


@dataclass
class Entry:
    frames: list
    address: int = None
    size: int = None
    state: str = None
    tx: int = None
    nesting: int = None
    second: "Entry" = None  # of the second stack

    def __str__(self):
        stack = " < ".join(f"{f.function}{f' {f.file}:{f.line}' if f.file else ''}"
                           for f in self.frames)
        words = [f"{self.size}"] if self.size is not None else []
        words += [f"{self.state}"] if self.state else []
        words += [f"tx {self.tx}"] if self.tx is not None else []
        words += [f"nesting {self.nesting}"] if self.nesting is not None else []
        words += [f"at {self.address:#x}"] if self.address is not None else []
        words += [f"by {stack}"]
        words += [f"and {self.second}"] if self.second else []
        return " ".join(words)


@dataclass
class Report:
    entries: dict = field(default_factory=dict)  # kind's name -> list of Entry
    errors: int = None  # of the summary line; None without one
    suppressed: int = 0

    @property
    def lost(self):
        return self.entries["lost"]

    def found(self):
        """RETURNS: {kind's name: number of entries} of the kinds that have any."""
        return {name: len(entries) for name, entries in self.entries.items() if entries}


@dataclass
class Log:
    command: str = None
    reports: list = field(default_factory=list)
    messages: list = field(default_factory=list)
    stores: list = field(default_factory=list)  # the lines of the text log, in order


class Lines:
    """The lines of a log without their prefix, and the position in them."""

    def __init__(self, text):
        self.raw = text.split("\n")
        if self.raw.pop() != "":
            raise FormatError("the log does not end in a newline")
        pids = {m.group(1) for m in (re.match(r"==(\d+)== ", line) for line in self.raw) if m}
        if len(pids) > 1:
            raise FormatError(f"lines of several processes: {sorted(pids)}")
        self.at = 0

    def look(self, ahead=0):
        """RETURNS: a line without its prefix, or None past the end."""
        if self.at + ahead >= len(self.raw):
            return None
        found = re.fullmatch(r"==\d+== (.*)", self.raw[self.at + ahead])
        return found.group(1) if found else self.fail("a line that begins with ==pid==")

    def take(self, pattern, wanted=None):
        line = self.look()
        found = re.fullmatch(pattern, line) if line is not None else None
        if not found:
            self.fail(wanted or pattern)
        self.at += 1
        return found

    def number(self, label):
        return int(self.take(re.escape(label) + r": (\d+)", f"{label}: N").group(1))

    def fail(self, wanted):
        here = repr(self.raw[self.at]) if self.at < len(self.raw) else "the end"
        raise FormatError(f"log line {self.at + 1}: want {wanted}, found {here}")


def _stack(lines, head, index, wanted):
    """Takes the lines of one stack.  The first matches `head` and has this index."""
    found = lines.take(head.pattern, wanted)
    if int(found.group(1)) != index:
        lines.at -= 1
        lines.fail(f"entry [{index}]")
    frames, text = [], found.group(2)
    while True:
        frame = FRAME.fullmatch(text)
        if not frame or (frame["first"] == "at") != (not frames):
            lines.at -= 1
            lines.fail("a frame")
        frames.append(Frame(frame["function"], frame["file"],
                            int(frame["line"]) if frame["line"] else None))
        text = lines.look()
        if text is None or not text.startswith("   by "):
            return frames
        lines.at += 1


def _with_tail(lines, frames, pattern):
    tail = lines.take(pattern, "the entry's last line").groupdict()
    number = {name: int(tail[name]) if tail.get(name) else None
              for name in ("size", "tx", "nesting")}
    address = int(tail["address"], 16) if "address" in tail else None
    return Entry(frames, address, state=tail.get("state"), **number)


def _entry(lines, kind, index):
    frames = _stack(lines, INDEX, index, f"[{index}]    at 0x...")
    entry = _with_tail(lines, frames, kind.tail)
    if kind.second and (lines.look() == kind.second or not kind.may_lack_second):
        lines.take(re.escape(kind.second))
        frames = _stack(lines, SECOND_INDEX, index, f"[{index}]'   at 0x...")
        entry.second = (_with_tail(lines, frames, kind.second_tail) if kind.second_tail
                        else Entry(frames))
    return entry


def _section(lines, kind):
    count = lines.number(kind.count)
    if count == 0:
        return []
    if kind.heading:
        lines.take(re.escape(kind.heading))
    entries = [_entry(lines, kind, i) for i in range(count)]
    if kind.total:
        total, summed = lines.number(kind.total), sum(e.size for e in entries)
        if total != summed:
            raise FormatError(f"{kind.total}: {total}, but the entries add up to {summed}")
    return entries


def _check_order(entries):
    """Entries whose mapping went away may overlap others."""
    for before, after in zip(entries, entries[1:]):
        end = before.address if before.second or after.second else before.address + before.size
        if end > after.address:
            raise FormatError(f"out of order or overlapping:\n  {before}\n  {after}")


def _report(lines, error_summary):
    found = Report()
    for kind in KINDS:
        if kind is not KINDS[0]:
            if not (lines.look() == "" and (lines.look(1) or "").startswith(kind.count + ": ")):
                found.entries[kind.name] = []
                continue
            lines.take("", "an empty line")
        found.entries[kind.name] = _section(lines, kind)
        if kind is not KINDS[0] and not found.entries[kind.name]:
            raise FormatError(f"a section without entries: {kind.count}")
    _check_order(found.lost)
    if lines.look() == "" and SUPPRESSED.fullmatch(lines.look(1) or ""):
        lines.take("", "an empty line")
        found.suppressed = int(lines.take(SUPPRESSED.pattern)[1])
    if error_summary:
        found.errors = int(lines.take(SUMMARY.pattern, "ERROR SUMMARY: N errors").group(1))
        counted = sum(len(entries) for entries in found.entries.values())
        if found.errors != counted:
            raise FormatError(f"ERROR SUMMARY: {found.errors} errors, but {counted} are listed")
    return found


def parse(text, error_summary=True, preamble=True):
    """RETURNS: the text as a Log.  An empty line comes before each report, in addition to the one that
    ends the preamble or a report of WRITE_STATS.  An empty line, or the end, follows each report."""
    lines, log = Lines(text), Log()
    if preamble:
        for pattern in PREAMBLE:
            found = lines.take(pattern)
            log.command = found.groupdict().get("command", log.command)
    blanks, owed = 0, 1  # empty lines since the last other line; how many there must be
    while (line := lines.look()) is not None:
        if line.startswith(KINDS[0].count):
            if blanks != owed:
                lines.fail(f"{owed} empty line(s) before the report and not {blanks}")
            log.reports.append(_report(lines, error_summary))
            if lines.look() not in (None, ""):
                lines.fail("an empty line or the end after the report")
            blanks, owed = 0, 2
            continue
        lines.at += 1
        if line == "":
            blanks += 1
        else:
            (log.stores if line.startswith(STORE_LOG) else log.messages).append(line)
            blanks, owed = 0, 1
    return log
