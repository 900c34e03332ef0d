# SPDX-License-Identifier: GPL-2.0-or-later
"""Parses traces, the files of --trace, independently of our C++: from docs/trace-format.md and the table of
records."""

import re
from dataclasses import dataclass, field

from . import place

MAGIC = b"pmemcheck trace\n"
ROWS = re.findall(r'^PM_TRACE_RECORD\((\w+), (\d+), "([^"]*)"\)',
                  (place.SOURCE / "pmemcheck" / "tables" / "trace_records.def").read_text(), re.M)
FIELDS = {int(code): (name, fields.split()) for name, code, fields in ROWS}


class Cut(Exception):
    pass


@dataclass
class Record:
    kind: str
    thread: int
    fields: dict = field(default_factory=dict)

    def __getattr__(self, name):
        try:
            return self.fields[name]
        except KeyError:
            raise AttributeError(name) from None


def number(data, at):
    """RETURNS: a number, and the position of the byte after it."""
    value = shift = 0
    while True:
        if at == len(data):
            raise Cut
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def read(data):
    """RETURNS: the records of a trace, and whether it ends within one."""
    assert data.startswith(MAGIC), data[:16]
    assert data[16:20] == b"\2\0\0\0", data[16:20]
    at, records, state = 21 + data[20], [], {"thread": 0, "near": 0}
    while at < len(data):
        try:
            name, wanted = FIELDS[data[at]]
            length, begin = number(data, at + 1)
            if begin + length > len(data):
                raise Cut
        except Cut:
            return records, True
        at = begin + length
        records.append(decode(name, wanted, data[begin:at], state))
    return records, False


def decode(name, wanted, body, state):
    at, found = 0, {}
    for key in wanted:
        if key in ("text", "data"):
            rest, at = body[at:], len(body)
            found[key] = rest.decode(errors="surrogateescape") if key == "text" else rest
            continue
        value, at = number(body, at)
        if key == "near":
            value = (value >> 1 ^ -(value & 1)) + state["near"]
            key = "address"
        found[key] = value
    assert at == len(body), (name, body)
    if "near" in wanted:
        state["near"] = found["address"] + found.get("bytes", len(found.get("data", b"")))
    if name == "Thread":
        state["thread"] = found["thread"]
    return Record(name, state["thread"], found)


def replay(records):
    """RETURNS: the final contents of the files, {path: bytes}, with all stores kept."""
    maps, files = [], {}
    for r in records:
        if r.kind == "Map":
            maps = carved(maps, r.address, r.bytes)
            maps.append((r.address, r.bytes, r.text, r.file_offset))
            file = files.setdefault(r.text, bytearray())
            file.extend(bytes(max(0, r.file_offset + r.bytes - len(file))))
        elif r.kind == "Unmap":
            maps = carved(maps, r.address, r.bytes)
        elif r.kind == "Move":
            shown = [(max(a, r.address), min(a + n, r.address + r.bytes), path, offset - a)
                     for a, n, path, offset in maps]
            maps = carved(maps, r.address, r.bytes)
            maps += [(b - r.address + r.to, e - b, path, shift + b) for b, e, path, shift in shown
                     if b < e]
        elif r.kind in ("Contents", "Store", "NtStore"):
            (where,) = [m for m in maps if m[0] <= r.address < m[0] + m[1]]
            begin = r.address - where[0] + where[3]
            files[where[2]][begin:begin + len(r.data)] = r.data
    return files


def carved(maps, address, size):
    left = []
    for a, n, path, offset in maps:
        for b, e in ((a, min(a + n, address)), (max(a, address + size), a + n)):
            if b < e:
                left.append((b, e - b, path, offset + b - a))
    return left


def check(records):
    """Asserts what holds for every trace."""
    assert records[0].kind == "Rules", records[:1]
    named = {0}
    for r in records:
        if r.kind == "Stack":
            assert r.stack not in named and r.text.startswith("   at 0x"), r
            named.add(r.stack)
        elif "stack" in r.fields:
            assert r.stack in named, r
