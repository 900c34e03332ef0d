# SPDX-License-Identifier: GPL-2.0-or-later
"""A regression case: a guest program in C that contains its expectation.

Directives are comments, one on a line, before the first line of code:

    /* options: --flush-align=yes */   the tool's options
    /* args: one two */                the guest's arguments
    /* env: NAME=VALUE */              added to the environment
    /* libs: pmem pmem2 */             libraries to link with
    /* cflags: -O2 */                  added to the compiler's flags
    /* stdin: text */                  a line of its input; may be repeated
    /* stdout: text */                 a line of its output; all of them, in order
    /* exit: 3 */                      its exit status; -N if signal N ends it
    /* logs: text */                   a line of the log outside reports; all of them, in order
    /* stats: 2 */                     how many reports it asks for with WRITE_STATS
    /* mapping: registered */          do not run it a second time with a mapping that the tool finds

In text, \\t is a tab.  The default of every directive is empty, 0 or none.  Among the options, only
--print-summary=no and --error-summary=no change what a log must hold.

The entries of a report are stated on the line of the store, flush or request at which their stack
begins, or on separate lines above it:

    *p = 1; /* lost: 8 DIRTY */        one entry of 8 bytes, its top frame on this line

    lost:        SIZE STATE            not made persistent
    outside-tx:  SIZE                  stored without being added to a transaction
    overlap:     SIZE tx ID first SIZE tx ID
                                       added here, and by another transaction before
    active-tx:   tx ID nesting K       begun here
    redundant:   SIZE                  stored here, flushed twice
    unnecessary: SIZE                  flushed here
    overwritten: SIZE STATE            stored here, and again before it was durable
    not-durable: SIZE STATE            asserted here to be durable
    out-of-order: SIZE                 stored here, too early

These details may follow:

    [@OFFSET] [via NAME] [by FUNCTION < CALLER < ...] [from LABEL] [xN]

@OFFSET is the address, as an offset from PM_BASE (guest.h).  `via NAME`: the top frame's function has
NAME in its name, and the first frame in this file below it is on this line.  `by`: the functions of
the whole stack.  `from LABEL`: the first frame of the second stack that is in this file is on the
line with the comment /* here: LABEL */; it is required for a `lost` entry whose mapping went away,
because that has a second stack.  xN: N such entries.  ID is a number, or `own` for a thread's own
transaction.  Commas separate several entries.  `lost:` is about the report at exit, `lost in 1:`
about the first report that the guest asked for, and so on.  Each report must hold exactly the entries
stated, so a guest without any must have nothing to report.
"""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from . import report, run

PM_BASE = 0x200000000
DIRECTIVES = ("options", "args", "env", "libs", "cflags", "stdin", "stdout", "exit", "logs",
              "stats", "mapping")

# Folders whose guests also run with a mapping that the tool finds.
FOUND_TOO = ("flush", "fence", "store", "syscall")

_DIRECTIVE = re.compile(r"/\* ([a-z]+): (.*?) ?\*/")
_KINDS = "|".join(kind.name for kind in report.KINDS)
_ABOUT = re.compile(rf"/\* ({_KINDS})\b[^:]*:")
_COMMENT = re.compile(rf"/\* ({_KINDS})(?: in (\d+))?: (.*?) \*/")
_LABEL = re.compile(r"/\* here: (\w+) \*/")
_ENTRY = re.compile(
    r"(?:(?P<size>\d+)(?: (?P<state>DIRTY|FLUSHED))?(?: |$))?"
    r"(?:tx (?P<tx>\d+|own)(?: |$))?(?:nesting (?P<nesting>\d+)(?: |$))?"
    r"(?:first (?P<first_size>\d+) tx (?P<first_tx>\d+|own)(?: |$))?"
    r"(?:@(?P<at>\w+)(?: |$))?(?:via (?P<via>\w+)(?: |$))?"
    r"(?:by (?P<by>\w+(?: < \w+)*)(?: |$))?(?:from (?P<label>\w+)(?: |$))?"
    r"(?:x(?P<times>\d+))?")

# What an entry of each kind must state.
_STATED = {"lost": "size state", "outside-tx": "size", "overlap": "size tx first_size first_tx",
           "active-tx": "tx nesting", "redundant": "size", "unnecessary": "size",
           "overwritten": "size state", "not-durable": "size state", "out-of-order": "size"}
_STATABLE = ("size", "state", "tx", "nesting", "first_size", "first_tx")


class BadCase(Exception):
    pass


@dataclass(frozen=True)
class Wanted:
    """The expectation of one entry of a report."""

    kind: str
    line: int
    text: str
    stated: dict  # of _STATABLE
    at: int = None  # offset from PM_BASE
    via: str = None
    by: tuple = None
    label: str = None

    def matches(self, entry, file, labels):
        """RETURNS: whether the entry is the expected one.  `labels`: {label: line}"""
        frames, second = entry.frames, entry.second
        found = {name: getattr(entry, name) for name in ("size", "state", "tx", "nesting")}
        found["first_size"] = second.size if second else None
        found["first_tx"] = second.tx if second else None
        if any(value != "own" and found[name] != value for name, value in self.stated.items()):
            return False
        if self.at is not None and entry.address != PM_BASE + self.at:
            return False
        if self.by is not None and self.by != tuple(f.function for f in frames):
            return False
        if self.kind == "lost" and (self.label is None) != (second is None):
            return False
        if self.label is not None and _line_in(file, second.frames) != labels[self.label]:
            return False
        if self.via is None:
            return (frames[0].file, frames[0].line) == (file, self.line)
        return self.via in frames[0].function and _line_in(file, frames[1:]) == self.line

    def says_little(self):
        """RETURNS: a sort key: expectations with the most details come first."""
        return (self.at is None, self.by is None, self.label is None, self.via is None)

    def __str__(self):
        return f"line {self.line}: {self.kind}: {self.text}"


def _line_in(file, frames):
    return next((f.line for f in frames if f.file == file), None)


class Case:
    """The expectations of a .c file.  RAISES: BadCase if it cannot parse them."""

    def __init__(self, path):
        self.path = Path(path)
        self.said = {name: [] for name in DIRECTIVES}
        self.wanted = {}  # (number of the report, None for the one at exit; kind) -> Wanteds
        self.labels = {}
        head, above = True, []
        for number, line in enumerate(self.path.read_text().splitlines(), 1):
            head = head and (not line or line.startswith(("/*", " *")))
            if head:
                self._directive(number, line)
                continue
            self.labels.update((label, number) for label in _LABEL.findall(line))
            about = _ABOUT.search(line)
            if about and line.lstrip().startswith("/*"):
                above.append(line)
                continue
            for text in above + [line] * bool(about):
                self._entries(number, text)
            above = []
        self.options = shlex.split(" ".join(self.said["options"]))
        self.stats = int(self._one("stats", "0"))
        if any(n is not None and not 1 <= n <= self.stats for n, _ in self.wanted):
            raise BadCase(f"{self.path}: `in N` beyond the number of reports in `stats`")
        for wanted in (w for wanteds in self.wanted.values() for w in wanteds):
            if wanted.label is not None and wanted.label not in self.labels:
                raise BadCase(f"{self.path}:{wanted.line}: no /* here: {wanted.label} */")

    def _directive(self, number, line):
        found = _DIRECTIVE.fullmatch(line)
        if found and found[1] in self.said:
            self.said[found[1]].append(found[2].replace("\\t", "\t"))
        elif found or re.match(r"/\* [a-z]+:", line):
            raise BadCase(f"{self.path}:{number}: no such directive")

    def _entries(self, number, line):
        comments = _COMMENT.findall(line)
        if not comments:
            raise BadCase(f"{self.path}:{number}: want /* KIND: SIZE ... */")
        for kind, in_report, text in comments:
            for part in text.split(", "):
                wanted, times = self._entry(number, kind, part)
                key = (int(in_report) if in_report else None, kind)
                self.wanted.setdefault(key, []).extend([wanted] * times)

    def _entry(self, number, kind, text):
        found = _ENTRY.fullmatch(text)
        stated = {n: found[n] for n in _STATABLE if found[n]} if found else {}
        if not found or list(stated) != _STATED[kind].split():
            raise BadCase(f"{self.path}:{number}: want {kind}: {_STATED[kind]} ..., found {text!r}")
        stated = {n: int(v) if v.isdecimal() else v for n, v in stated.items()}
        return Wanted(kind, number, text, stated, int(found["at"], 0) if found["at"] else None,
                      found["via"], tuple(found["by"].split(" < ")) if found["by"] else None,
                      found["label"]), int(found["times"] or 1)

    def _one(self, name, otherwise):
        return self.said[name][-1] if self.said[name] else otherwise

    def _words(self, name):
        return shlex.split(" ".join(self.said[name]))

    def _switched_on(self, option):
        said = [o for o in self.options if o.startswith(option + "=")]
        return said[-1:] != [option + "=no"]

    def can_be_found(self):
        """RETURNS: whether the guest also runs with a mapping that the tool finds."""
        return (self.path.parent.name in FOUND_TOO and "pm_open(" in self.path.read_text()
                and self._one("mapping", "") != "registered")

    def run(self, directory, found=False):
        """Builds the guest in `directory` and runs it.  RETURNS: the run.Run, unjudged."""
        program = run.build(self.path, Path(directory) / self.path.stem, self._words("cflags"),
                            self._words("libs"))
        env = dict(word.split("=", 1) for word in self._words("env"))
        options = list(self.options)
        if found:
            env["PM_FOUND"] = "1"
            options.append("--pmem-file=*/pool")
        stdin = "".join(line + "\n" for line in self.said["stdin"])
        return run.under_valgrind([program, *self._words("args")], directory,
                                  options=options, stdin=stdin, **env)

    def complaints(self, done):
        """RETURNS: a sentence for each difference between the run and its expectation."""
        wrong = []

        def same(what, found, wanted):
            if found != wanted:
                wrong.append(f"{what}: want {wanted!r}, found {found!r}")

        same("exit status", done.status, int(self._one("exit", "0")))
        same("stdout", done.stdout.splitlines(), self.said["stdout"])
        same("stderr", done.stderr, "")
        try:
            log = done.parsed(error_summary=self._switched_on("--error-summary"))
        except AssertionError as error:
            return wrong + [str(error)]
        same("the log's other lines", log.messages, self.said["logs"])
        at_exit = self._switched_on("--print-summary")
        same("number of reports", len(log.reports), self.stats + at_exit)
        for number, found in enumerate(log.reports, 1):
            key = None if at_exit and number == len(log.reports) else number
            name = "at exit" if key is None else f"no. {key}"
            for kind, entries in found.entries.items():
                wrong += self._compare(name, entries, self.wanted.get((key, kind), []))
        return wrong

    def _compare(self, report_name, entries, wanteds):
        """Pairs entries with expectations, the most detailed first.  RETURNS: what is left over."""
        left = list(entries)
        wrong = []
        for wanted in sorted(wanteds, key=Wanted.says_little):
            found = next((e for e in left if wanted.matches(e, self.path.name, self.labels)), None)
            if found:
                left.remove(found)
            else:
                wrong.append(f"report {report_name} lacks {wanted}")
        return wrong + [f"report {report_name} has {entry}" for entry in left]
