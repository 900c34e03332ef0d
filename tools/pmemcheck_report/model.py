# SPDX-License-Identifier: GPL-2.0-or-later
"""model.py: runs, their findings, and groups of equal findings.

Two measures of equality:

    place     the kind, and every frame of every stack: function, file with its directory, line.
              Findings of one place form one Group, whatever runs they come from.
    identity  the kind, and every frame's function and the base name of its file.  It stays the same
              when lines move or the build directory changes, so baselines and SARIF use it.

A frame without a function is identified by the base name of its object, and its place by object and
address.
"""

import hashlib
import json
import os.path
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple, Optional

from . import table


class Frame(NamedTuple):
    """A call on a stack.  What Valgrind did not know is empty; an unknown line is 0."""

    ip: str
    obj: str
    fn: str
    dir: str
    file: str
    line: int

    @property
    def path(self):
        if not self.dir or not self.file or self.file[0] == "/":
            return self.file
        return f"{self.dir}/{self.file}"

    def place(self):
        if self.fn or self.file:
            return self.fn, self.path, self.line
        return "", self.obj, self.ip

    def identity(self):
        return self.fn or os.path.basename(self.obj), os.path.basename(self.file)


@dataclass
class Finding:
    """One <error>."""

    kind: str
    what: str
    stack: tuple  # of Frame
    more: list  # of (text, stack); the stack is empty if the text has none
    hint: str = ""  # of the tool, without "hint: "
    tid: int = 0
    thread: str = ""
    state: str = ""
    address: Optional[int] = None
    size: int = 0
    file: str = ""  # the pool, with the offset into it
    offset: int = 0
    name: str = ""  # a range that the program named, with the offset into it
    name_offset: int = 0
    transaction: Optional[int] = None
    nesting: int = 0
    count: int = 1
    bytes: int = 0
    lowest: Optional[int] = None
    end: Optional[int] = None
    suppression: str = ""

    @property
    def stacks(self):
        return (self.stack, *(stack for _, stack in self.more if stack))


class Mapping(NamedTuple):
    base: int
    size: int
    file: str
    offset: int


@dataclass(eq=False)
class Run:
    """One XML file."""

    file: str
    tool: str = ""  # the first line of its preamble, with the version
    pid: int = 0
    ppid: int = 0
    argv: list = field(default_factory=list)
    mappings: list = field(default_factory=list)
    findings: list = field(default_factory=list)
    signal: str = ""  # the signal that ended the program
    complete: bool = False  # the file ends as it should


class Problem(NamedTuple):
    """What is wrong with an input."""

    file: str
    line: int  # 0 if there is none
    text: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


def _hash(*parts):
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Group:
    """Findings of one place.  What differs between them is taken from the first."""

    def __init__(self, kind, first):
        self.kind = kind
        self.first = first
        self.count = 0
        self.bytes = 0
        self.states = Counter()
        self.runs = Counter()  # Run -> findings
        self.spans = []  # (Run, Finding) of findings with an address
        self.new = None  # whether the baseline lacks it; None without a baseline
        stacks = first.stacks
        self.place = _hash(kind.id, [[f.place() for f in stack] for stack in stacks])
        self.id = _hash(kind.id, [[f.identity() for f in stack] for stack in stacks])

    def add(self, run, finding):
        self.count += finding.count
        self.bytes += finding.bytes
        self.runs[run] += finding.count
        if finding.state:
            self.states[finding.state] += finding.count
        if finding.address is not None:
            self.spans.append((run, finding))

    @property
    def stack(self):
        return self.first.stack

    @property
    def hint(self):
        return self.kind.hint or self.first.hint


class Report:
    """All inputs together."""

    def __init__(self, kinds, runs, problems):
        self.version = kinds.version
        self.kinds = kinds
        self.runs = runs
        self.problems = problems
        self.baseline = ""  # its file name
        self.gone = []  # baseline.Known that no run has any more
        self.groups = group(kinds, runs)

    @property
    def count(self):
        return sum(g.count for g in self.groups)

    @property
    def bytes(self):
        return sum(g.bytes for g in self.groups)

    def severities(self):
        """RETURNS: the number of groups of each severity, worst first."""
        counts = Counter(g.kind.severity for g in self.groups)
        return {severity: counts[severity] for severity in table.SEVERITIES}


def group(kinds, runs):
    """RETURNS: the runs' findings as Groups: the worst first, then in table order, then by count."""
    groups = {}
    for run in runs:
        for finding in run.findings:
            key = finding.kind, tuple(tuple(f.place() for f in s) for s in finding.stacks)
            if key not in groups:
                groups[key] = Group(kinds.kind(finding.kind), finding)
            groups[key].add(run, finding)
    return sorted(groups.values(), key=lambda g: (g.kind.rank, -g.count))  # stable
