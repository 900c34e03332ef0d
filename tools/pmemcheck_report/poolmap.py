# SPDX-License-Identifier: GPL-2.0-or-later
"""poolmap.py: which cache lines of which pool the findings lie in, for the page's map.

A pool is a file, whatever run mapped it: its lines count from its start.  A mapping without a file is
a pool of its run, counted from its base.  A run that was killed names no mappings; then the pool is
as long as its findings reach.  Of findings that the tool grouped (--group=yes), the first is drawn:
what lies between the lowest and the last need not be touched.
"""

import bisect

LINE = 64
_MAX_LINES = 1 << 14  # of one finding: a store of a mebibyte is drawn no further


class Pool:
    """INVARIANT: every line of `lines` lies below `size`, rounded up to whole lines."""

    def __init__(self, name, run, base):
        self.name = name
        self.run = run  # None for a file
        self.base = base  # None for a file
        self.size = 0
        self.lines = {}  # line number -> (state, group number): the first finding in it, worst first

    def spans(self):
        """RETURNS: [first line, how many, state, group number]: neighbours that are alike are one."""
        spans = []
        for line in sorted(self.lines):
            last = spans[-1] if spans else None
            if last and last[0] + last[1] == line and tuple(last[2:]) == self.lines[line]:
                last[1] += 1
            else:
                spans.append([line, 1, *self.lines[line]])
        return spans


def pools(report):
    """RETURNS: the Pools of all runs, those with findings first, then by name."""
    found = {}
    mappings = {run: sorted(run.mappings) for run in report.runs}
    for run in report.runs:
        for mapping in mappings[run]:
            pool = _pool(found, run, mapping.file, mapping.base)
            start = mapping.offset if mapping.file else 0
            pool.size = max(pool.size, start + mapping.size)
    for number, group in enumerate(report.groups):
        for run, finding in group.spans:
            # What costs time alone is durable in the end: its state is that of then.
            state = "" if group.kind.severity == "cost" else finding.state
            _draw(found, mappings[run], run, finding, (state, number))
    return sorted(found.values(), key=lambda pool: (not pool.lines, pool.name, pool.base or 0))


def _pool(found, run, file, base):
    key = file or (run, base)
    if key not in found:
        name = file or f"{base:#x}"
        found[key] = Pool(name, None if file else run, None if file else base)
    return found[key]


def _draw(found, mappings, run, finding, mark):
    if finding.file:
        pool, start = _pool(found, run, finding.file, 0), finding.offset
    else:
        place = bisect.bisect_right(mappings, (finding.address, float("inf"))) - 1
        if place < 0 or finding.address >= mappings[place].base + mappings[place].size:
            return  # outside all mappings: gone, or of a run that was killed
        mapping = mappings[place]
        pool = _pool(found, run, mapping.file, mapping.base)
        start = finding.address - mapping.base + (mapping.offset if mapping.file else 0)
    end = start + max(finding.size, 1)
    pool.size = max(pool.size, end)
    first, last = start // LINE, (end - 1) // LINE
    for line in range(first, min(last, first + _MAX_LINES) + 1):
        pool.lines.setdefault(line, mark)
