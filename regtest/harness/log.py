# SPDX-License-Identifier: GPL-2.0-or-later
"""Parses the text log (--log-stores=yes) strictly, and replays it.

    START record* |STOP
    record = |STORE;addr;value;size frame*      frame = ;0xADDR: function (file.c:line)
           | |FLUSH;addr;size
           | |FENCE
           | |REGISTER_FILE;path;base;size;offset
           | |DEEP_SYNC;addr;len
           | |text of EMIT_LOG

The log is one line.  After a report or a message in the middle, it continues on a new line, at the
beginning of a record.
"""

import re
from dataclasses import dataclass, field

LINE = 64
WIDEST = 8  # bytes of a STORE record


class FormatError(AssertionError):
    pass


@dataclass(frozen=True)
class Record:
    kind: str  # STORE FLUSH FENCE REGISTER_FILE DEEP_SYNC TEXT
    address: int = None  # a file's: its base
    size: int = None
    value: int = None  # of a STORE
    text: str = None  # of EMIT_LOG; a file's path
    offset: int = None  # in a file
    frames: tuple = field(default=())  # of a STORE: (function, file or None, line or None)

    def short(self):
        """RETURNS: what tests compare: the kind and the fields that the log has for it."""
        said = {"STORE": (self.address, self.value, self.size), "FLUSH": (self.address, self.size),
                "FENCE": (), "REGISTER_FILE": (self.text, self.address, self.size, self.offset),
                "DEEP_SYNC": (self.address, self.size), "TEXT": (self.text,)}
        return (self.kind, *said[self.kind])


_NUMBER = r"0x(?:0|[1-9a-f][0-9a-f]*)"
_FRAME = (r"0x[0-9A-Fa-f]+: (?P<function>[^;|]+?)"
          r"(?: \((?P<file>[^();|]+):(?P<line>\d+)\)| \(in [^();|]*\))?")
_FORMS = {
    "STORE": rf"(?P<address>{_NUMBER});(?P<value>{_NUMBER});(?P<size>{_NUMBER})"
             r"(?P<frames>(?:;[^;]+)*)",
    "FLUSH": rf"(?P<address>{_NUMBER});(?P<size>{_NUMBER})",
    "FENCE": None,
    "REGISTER_FILE": rf"(?P<text>/[^;]*);(?P<address>{_NUMBER});(?P<size>{_NUMBER})"
                     rf";(?P<offset>{_NUMBER})",
    "DEEP_SYNC": rf"(?P<address>{_NUMBER});(?P<size>{_NUMBER})",
}


def _frame(text):
    found = re.fullmatch(_FRAME, text)
    if not found:
        raise FormatError(f"no frame: {text!r}")
    return (found["function"], found["file"], int(found["line"]) if found["line"] else None)


def _record(text):
    kind, separator, rest = text.partition(";")
    if kind not in _FORMS:
        return Record("TEXT", text=text)
    if _FORMS[kind] is None:
        if separator:
            raise FormatError(f"more than {kind}: {text!r}")
        return Record(kind)
    found = re.fullmatch(_FORMS[kind], rest)
    if not found:
        raise FormatError(f"no {kind}: {text!r}")
    said = found.groupdict()
    frames = tuple(_frame(f) for f in (said.pop("frames", "") or "").split(";")[1:])
    text = said.pop("text", None)
    record = Record(kind, text=text, frames=frames, **{n: int(v, 16) for n, v in said.items()})
    _check(record)
    return record


def _check(record):
    if record.kind == "STORE":
        if not 1 <= record.size <= WIDEST:
            raise FormatError(f"a store of {record.size} bytes: {record}")
        if record.value >> 8 * record.size:
            raise FormatError(f"a value wider than its store: {record}")
    if record.kind == "FLUSH" and record.size == 0:
        raise FormatError(f"a flush of nothing: {record}")


def parse(pieces):
    """`pieces`: the lines of the log without Valgrind's prefix, as in report.Log.stores.
    RETURNS: the list of Records."""
    if not pieces or not pieces[0].startswith("START"):
        raise FormatError(f"the log begins with {pieces[:1]}, not START")
    for piece in pieces[1:]:
        if not piece.startswith("|"):
            raise FormatError(f"the log continues in the middle of a record: {piece[:80]!r}")
    text = "".join(pieces)
    if not text.endswith("|STOP"):
        raise FormatError(f"the log ends in {text[-40:]!r}, not |STOP")
    start, *records = text[:-len("|STOP")].split("|")
    if start != "START":
        raise FormatError(f"{start!r} instead of START")
    if "STOP" in records:
        raise FormatError("STOP in the middle")
    return [_record(r) for r in records]


def replay(records, memory, base):
    """Applies the logged stores to `memory`, a bytearray that begins at address `base`."""
    for r in records:
        if r.kind == "STORE":
            at = r.address - base
            if not 0 <= at <= len(memory) - r.size:
                raise FormatError(f"a store outside the memory: {r}")
            memory[at:at + r.size] = r.value.to_bytes(r.size, "little")
    return memory
