# SPDX-License-Identifier: GPL-2.0-or-later
"""page.py: writes a Report as one HTML page without external resources.

The page contains its data as JSON.  Each word, frame and stack is stored once, in a table, and others
refer to it by number.  The scripts draw parts of the page when they become visible.  The columns:

    frames   [function, file, line, object, path, address]    numbers of words, -1 for none
    stacks   [frame, ...]
    groups   [kind, what, stack, home, more, count, bytes, states, runs, new, first, suppression, id]
             home: the index of the frame to show; more: [text, stack or -1]; runs: [run, count]
    sources  path -> [[first line, [text, ...]], ...]
    pools    [name, run or -1, size, [[first line, lines, state, group], ...]]
"""

import json
import os.path
import shlex

from . import poolmap, wording

CONTEXT = 3  # lines above and below a frame's
MAX_DATA = 8 << 20  # characters of JSON; source text beyond that is left out
_HERE = os.path.dirname(os.path.abspath(__file__))


def write(report, sources):
    """RETURNS: the text of the page."""
    data = _Data(report, sources).text()
    # Only "<" could end the script element or begin a comment in it.
    data = data.replace("<", "\\u003c")
    pieces = _part("page.html").split("@@")  # text and names of parts, in turn
    return "".join(piece if index % 2 == 0 else data if piece == "data" else _part(piece)
                   for index, piece in enumerate(pieces))


def _dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _part(name):
    with open(os.path.join(_HERE, name), encoding="utf-8") as file:
        return file.read()


class _Numbers:
    """Numbers values: `values` has each once."""

    def __init__(self):
        self.values = []
        self._numbers = {}

    def __call__(self, value):
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


class _Data:
    def __init__(self, report, sources):
        self.report = report
        self.sources = sources
        self.words = _Numbers()
        self.frames = _Numbers()
        self.stacks = _Numbers()
        self.wanted = {}  # path -> (a frame in it, the lines that frames refer to)

    def text(self):
        """RETURNS: the JSON."""
        rest = _dump(self._all_but_sources())
        return f'{rest[:-1]},"sources":{_dump(self._sources(MAX_DATA - len(rest)))}}}'

    def _all_but_sources(self):
        report = self.report
        kinds = {group.kind.id: None for group in report.groups}
        kinds = {name: number for number, name in enumerate(kinds)}
        runs = {run: number for number, run in enumerate(report.runs)}
        groups = [self._group(group, kinds, runs) for group in report.groups]
        pools = [[p.name, -1 if p.run is None else runs[p.run], p.size, p.spans()]
                 for p in poolmap.pools(report)]
        table = report.kinds.kinds
        return {
            "version": report.version,
            "kinds": [[name, table[name].severity, table[name].title, table[name].hint]
                      for name in kinds],
            "runs": self._runs(),
            "groups": groups,
            "words": self.words.values,
            "frames": self.frames.values,
            "stacks": self.stacks.values,
            "pools": pools,
            "baseline": report.baseline,
            "gone": [[one.kind, one.at] for one in report.gone],
            "problems": [str(problem) for problem in report.problems],
        }

    def _runs(self):
        names = wording.run_names(self.report.runs)
        return [[names[run], run.pid, shlex.join(run.argv), wording.run_state(run),
                 sum(f.count for f in run.findings)] for run in self.report.runs]

    def _group(self, group, kinds, runs):
        first = group.first
        more = [[text, self._stack(stack) if stack else -1] for text, stack in first.more]
        new = -1 if group.new is None else int(group.new)
        hint = [] if group.kind.hint or not first.hint else [first.hint]
        return [kinds[group.kind.id], first.what, self._stack(group.stack),
                self.sources.home(group.stack), more, group.count, group.bytes,
                wording.states(group), [[runs[run], count] for run, count in group.runs.items()],
                new, wording.where(first, first.what), first.suppression, group.id, *hint]

    def _stack(self, stack):
        return self.stacks(tuple(self._frame(frame) for frame in stack))

    def _frame(self, frame):
        relative = self.sources.relative(frame)
        path = frame.path if relative is None else relative
        if frame.line and self.sources.lines(frame):
            self.wanted.setdefault(path, (frame, set()))[1].add(frame.line)
        return self.frames((self._word(frame.fn), self._word(frame.file), frame.line,
                            self._word(frame.obj), self._word(path),
                            self._word("" if frame.fn or frame.file else frame.ip)))

    def _word(self, text):
        return self.words(text) if text else -1

    def _sources(self, left):
        """RETURNS: number of a path -> blocks of lines around those of frames, as long as there is room."""
        found = {}
        for path, (frame, numbers) in self.wanted.items():
            lines = self.sources.lines(frame)
            blocks = []
            for number in sorted(numbers):
                first, last = max(1, number - CONTEXT), min(len(lines), number + CONTEXT)
                if blocks and first <= blocks[-1][0] + len(blocks[-1][1]):
                    first = blocks[-1][0] + len(blocks[-1][1])
                    blocks[-1][1].extend(lines[first - 1:last])
                elif first <= last:
                    blocks.append([first, lines[first - 1:last]])
            taken = len(_dump(blocks))
            if taken <= left:
                left -= taken
                found[self.words(path)] = blocks
        return found
