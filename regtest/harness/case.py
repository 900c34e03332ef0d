# SPDX-License-Identifier: GPL-2.0-or-later
"""A regression case: a guest program in C with its expectation in it.

Directives are comments, one a line, before the first line of code:

    /* options: --flush-align=yes */   the tool's options
    /* args: one two */                the guest's arguments
    /* env: NAME=VALUE */              added to the environment
    /* libs: pmem pmem2 */             libraries to link with
    /* cflags: -O2 */                  added to the compiler's flags
    /* stdin: text */                  a line of its input; as often as there are lines
    /* stdout: text */                 a line of its output; all of them, in order
    /* exit: 3 */                      its exit status; -N when it dies by signal N
    /* logs: text */                   a line of the log outside reports; all of them, in order
    /* stats: 2 */                     how many reports it asks for with WRITE_STATS

In text, \\t is a tab.  What is not stated is expected empty, 0 or none.  Only --print-summary=no
and --error-summary=no change what a log must hold.

The entries of a report are stated on the line of the store, or on lines of their own above it:

    *p = 1; /* lost: 8 DIRTY */        one entry of 8 bytes, its top frame on this line

    SIZE STATE [@OFFSET] [via NAME] [by FUNCTION < CALLER < ...] [xN]

with its address as an offset from PM_BASE (guest.h); `via NAME`: the top frame's function has NAME
in its name, and the first frame in this file below that is on this line; `by`: the functions of the
whole stack; xN: N such entries.  Several are joined by commas.  `lost:` is about the report at
exit, `lost in 1:` about the first that the guest asked for, and so on.  Each report holds exactly
the entries stated: a guest without any has nothing to report.
"""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from . import run

PM_BASE = 0x200000000
DIRECTIVES = ("options", "args", "env", "libs", "cflags", "stdin", "stdout", "exit", "logs",
              "stats")

_DIRECTIVE = re.compile(r"/\* ([a-z]+): (.*?) ?\*/")
_COMMENT = re.compile(r"/\* lost(?: in (\d+))?: (.*?) \*/")
_ENTRY = re.compile(r"(?P<size>\d+) (?P<state>DIRTY|FLUSHED)(?: @(?P<at>\w+))?"
                    r"(?: via (?P<via>\w+))?(?: by (?P<by>\w+(?: < \w+)*))?(?: x(?P<times>\d+))?")


class BadCase(Exception):
    pass


@dataclass(frozen=True)
class Lost:
    """What is known of one entry of a report."""

    line: int
    size: int
    state: str
    at: int = None  # offset from PM_BASE
    via: str = None
    by: tuple = None

    def matches(self, entry, file):
        frames = entry.frames
        if (entry.size, entry.state) != (self.size, self.state):
            return False
        if self.at is not None and entry.address != PM_BASE + self.at:
            return False
        if self.by is not None and self.by != tuple(f.function for f in frames):
            return False
        if self.via is None:
            return (frames[0].file, frames[0].line) == (file, self.line)
        mine = next((f for f in frames[1:] if f.file == file), None)
        return self.via in frames[0].function and mine is not None and mine.line == self.line

    def __str__(self):
        words = [f"line {self.line}: {self.size} {self.state}"]
        words += [f"@{self.at:#x}"] if self.at is not None else []
        words += [f"via {self.via}"] if self.via else []
        words += [f"by {' < '.join(self.by)}"] if self.by else []
        return " ".join(words)


class Case:
    """The expectations of a .c file.  RAISES BadCase for what it cannot read."""

    def __init__(self, path):
        self.path = Path(path)
        self.said = {name: [] for name in DIRECTIVES}
        self.lost = {}  # number of the report, None for the one at exit -> list of Lost
        head, above = True, []
        for number, line in enumerate(self.path.read_text().splitlines(), 1):
            head = head and (not line or line.startswith(("/*", " *")))
            if head:
                self._directive(number, line)
                continue
            about = re.search(r"\blost\b[^:]*:", line)
            if about and line.lstrip().startswith("/*"):
                above.append(line)
                continue
            for text in above + [line] * bool(about):
                self._lost(number, text)
            above = []
        self.options = shlex.split(" ".join(self.said["options"]))
        self.stats = int(self._one("stats", "0"))
        if any(n is not None and not 1 <= n <= self.stats for n in self.lost):
            raise BadCase(f"{self.path}: `lost in N` beyond the number of reports in `stats`")

    def _directive(self, number, line):
        found = _DIRECTIVE.fullmatch(line)
        if found and found[1] in self.said:
            self.said[found[1]].append(found[2].replace("\\t", "\t"))
        elif found or re.match(r"/\* [a-z]+:", line):
            raise BadCase(f"{self.path}:{number}: no such directive")

    def _lost(self, number, line):
        comments = _COMMENT.findall(line)
        if not comments:
            raise BadCase(f"{self.path}:{number}: want /* lost: SIZE STATE ... */")
        for report, text in comments:
            for part in text.split(", "):
                found = _ENTRY.fullmatch(part)
                if not found:
                    raise BadCase(f"{self.path}:{number}: want SIZE STATE ..., found {part!r}")
                lost = Lost(number, int(found["size"]), found["state"],
                            int(found["at"], 0) if found["at"] else None, found["via"],
                            tuple(found["by"].split(" < ")) if found["by"] else None)
                where = self.lost.setdefault(int(report) if report else None, [])
                where.extend([lost] * int(found["times"] or 1))

    def _one(self, name, otherwise):
        return self.said[name][-1] if self.said[name] else otherwise

    def _words(self, name):
        return shlex.split(" ".join(self.said[name]))

    def _switched_on(self, option):
        said = [o for o in self.options if o.startswith(option + "=")]
        return said[-1:] != [option + "=no"]

    def run(self, directory):
        """Builds the guest in `directory` and runs it.  RETURNS: the run.Run, unjudged."""
        program = run.build(self.path, Path(directory) / self.path.stem, self._words("cflags"),
                            self._words("libs"))
        env = dict(word.split("=", 1) for word in self._words("env"))
        stdin = "".join(line + "\n" for line in self.said["stdin"])
        return run.under_valgrind([program, *self._words("args")], directory,
                                  options=self.options, stdin=stdin, **env)

    def complaints(self, done):
        """RETURNS: a sentence for each way in which the run differs from what is expected."""
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
        for number, report in enumerate(log.reports, 1):
            key = None if at_exit and number == len(log.reports) else number
            name = "at exit" if key is None else f"no. {key}"
            wrong += _compare(name, report.lost, self.lost.get(key, []), self.path.name)
        return wrong


def _compare(name, entries, wanted, file):
    """Pairs entries with expectations, those that say most first."""
    left = list(entries)
    wrong = []
    for lost in sorted(wanted, key=lambda x: (x.at is None, x.by is None, x.via is None)):
        found = next((e for e in left if lost.matches(e, file)), None)
        if found:
            left.remove(found)
        else:
            wrong.append(f"report {name} lacks {lost}")
    return wrong + [f"report {name} has {entry}" for entry in left]
