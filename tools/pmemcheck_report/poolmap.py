# SPDX-License-Identifier: GPL-2.0-or-later
"""poolmap.py: finds the cache lines of pools that have findings, for the page's map.

A pool is a file, even if several runs mapped it; its lines are counted from its beginning.  A mapping without
a file is a pool of its run, counted from its base.  A killed run lists no mappings, so its pool ends
with its last finding.  Of findings that the tool grouped (--group=yes) only the first is drawn,
because the bytes between the lowest and the last may be untouched.
"""

import bisect
import heapq

LINE = 64


class Pool:
    """INVARIANT: every line of `marks` lies below `size`, rounded up to whole lines."""

    def __init__(self, name, run, base):
        self.name = name
        self.run = run  # None for a file
        self.base = base  # None for a file
        self.size = 0
        self.marks = []  # (first line, line after the last, rank, state, group number)

    def add(self, start, size, state, number):
        """Marks bytes.  REQUIRES: calls with the worst group first."""
        end = start + max(size, 1)
        self.size = max(self.size, end)
        self.marks.append((start // LINE, -(-end // LINE), len(self.marks), state, number))

    def spans(self):
        """RETURNS: [first line, number of lines, state, group number], in order and without overlaps.
        Where marks overlap, the one added first counts.  Takes n log n, however many lines there are."""
        edges = sorted({edge for mark in self.marks for edge in mark[:2]})
        waiting = sorted(self.marks, reverse=True)
        open_marks, spans = [], []
        for start, end in zip(edges, edges[1:]):
            while waiting and waiting[-1][0] == start:
                _, last, rank, state, number = waiting.pop()
                heapq.heappush(open_marks, (rank, last, state, number))
            while open_marks and open_marks[0][1] <= start:
                heapq.heappop(open_marks)
            if open_marks:
                _, _, state, number = open_marks[0]
                if spans and sum(spans[-1][:2]) == start and spans[-1][2:] == [state, number]:
                    spans[-1][1] += end - start
                else:
                    spans.append([start, end - start, state, number])
        return spans


def pools(report):
    """RETURNS: the Pools of all runs: those with findings first, then by name."""
    found = {}
    mappings = {run: sorted(run.mappings) for run in report.runs}
    for run in report.runs:
        for mapping in mappings[run]:
            pool = _pool(found, run, mapping.file, mapping.base)
            start = mapping.offset if mapping.file else 0
            pool.size = max(pool.size, start + mapping.size)
    for number, group in enumerate(report.groups):
        for run, finding in group.spans:
            # A cost loses no data: its state was only that of the moment.
            state = "" if group.kind.severity == "cost" else finding.state
            pool, start = _place(found, mappings[run], run, finding)
            if pool:
                pool.add(start, finding.size, state, number)
    return sorted(found.values(), key=lambda pool: (not pool.marks, pool.name, pool.base or 0))


def _pool(found, run, file, base):
    key = file or (run, base)
    if key not in found:
        found[key] = Pool(file or f"{base:#x}", None if file else run, None if file else base)
    return found[key]


def _place(found, mappings, run, finding):
    """RETURNS: the pool of a finding and the offset in it; (None, 0) if no mapping has it."""
    if finding.file:
        return _pool(found, run, finding.file, 0), finding.offset
    index = bisect.bisect_right(mappings, (finding.address, float("inf"))) - 1
    if index < 0 or finding.address >= mappings[index].base + mappings[index].size:
        return None, 0
    mapping = mappings[index]
    start = finding.address - mapping.base + (mapping.offset if mapping.file else 0)
    return _pool(found, run, mapping.file, mapping.base), start
