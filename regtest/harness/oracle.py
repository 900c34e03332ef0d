# SPDX-License-Identifier: GPL-2.0-or-later
"""The entries that a report must have, computed by code that is obviously right.

The entries are in a plain list: nothing is derived, shared by line or cached.  The oracle is slow, and
only tests compare reports with it.

Each method named after an act of the program takes the thread, the place (the function in the top
frame; each instruction has its own) and the memory that the act concerns.
"""

from dataclasses import dataclass, replace

LINE = 64
DIRTY, FLUSHED = "DIRTY", "FLUSHED"
STREAMED = "STREAMED"  # by a non-temporal store, and not flushed since; reports show FLUSHED


@dataclass(frozen=True)
class Entry:
    begin: int
    end: int
    place: str  # of the store
    state: str
    thread: int = None  # whose fence makes it durable; None while DIRTY

    def shown(self):
        state = DIRTY if self.state == DIRTY else FLUSHED
        return (self.begin, self.end - self.begin, state, self.place)


def runs(numbers):
    """RETURNS: the numbers as the fewest ranges [(begin, end)], ascending."""
    found = []
    for n in sorted(numbers):
        if found and found[-1][1] == n:
            found[-1] = (found[-1][0], n + 1)
        else:
            found.append((n, n + 1))
    return found


class Oracle:
    def __init__(self, persistent, options=()):
        """persistent: a set of addresses.  options: as on the tool's command line."""
        self.persistent = persistent
        self.options = options
        self.entries = []
        self.found = {"redundant": [], "unnecessary": [], "overwritten": []}

    def lost(self):
        return sorted(e.shown() for e in self.entries)

    def store(self, thread, place, at, size):
        for begin, end in runs(self.persistent & set(range(at, at + size))):
            self._take_away(begin, end)
            if "--domain=eadr" not in self.options:
                self._add(Entry(begin, end, place, DIRTY))

    def stream(self, thread, place, at, size):
        """A non-temporal store."""
        for begin, end in runs(self.persistent & set(range(at, at + size))):
            self._take_away(begin, end)
            self._add(Entry(begin, end, place, STREAMED, thread))

    def flush(self, thread, place, at):
        """CLWB, CLFLUSHOPT."""
        for e in self._check_flush(place, at):
            self.entries.remove(e)
            owner = thread if e.state == DIRTY else e.thread
            self.entries.append(replace(e, state=FLUSHED, thread=owner))

    def clflush(self, thread, place, at):
        if "--expect-fence-after-clflush=yes" in self.options:
            self.flush(thread, place, at)
        else:
            for e in self._check_flush(place, at):
                self.entries.remove(e)

    def fence(self, thread, place):
        every = "--fence-scope=process" in self.options
        self.entries = [e for e in self.entries
                        if e.state == DIRTY or e.thread != thread and not every]

    def lfence(self, thread, place):
        """Orders no stores."""

    def _cut(self, begin, end):
        """Splits the entries that cross `begin` or `end`.  RETURNS: the entries between them."""
        for at in (begin, end):
            for e in [e for e in self.entries if e.begin < at < e.end]:
                self.entries.remove(e)
                self.entries += [replace(e, end=at), replace(e, begin=at)]
        return [e for e in self.entries if begin <= e.begin and e.end <= end]

    def _take_away(self, begin, end):
        for e in self._cut(begin, end):
            self.entries.remove(e)
            if "--mult-stores=yes" in self.options:
                self.found["overwritten"].append(e.shown())

    def _add(self, fresh):
        """Adds the entry, joined to adjacent entries of the same state and place."""
        for e in list(self.entries):
            touches = e.end == fresh.begin or e.begin == fresh.end
            same = (e.state, e.place) == (fresh.state, fresh.place)
            if touches and same and "--mult-stores=yes" not in self.options:
                self.entries.remove(e)
                fresh = replace(fresh, begin=min(e.begin, fresh.begin), end=max(e.end, fresh.end))
        self.entries.append(fresh)

    def _check_flush(self, place, at):
        """RETURNS: the entries in the line that holds `at`."""
        line = at // LINE * LINE
        met = self._cut(line, line + LINE)
        if "--flush-check=yes" in self.options:
            self.found["redundant"] += [(*e.shown(), place) for e in met if e.state == FLUSHED]
            if not met:
                self.found["unnecessary"].append((line, LINE, place))
        return met
