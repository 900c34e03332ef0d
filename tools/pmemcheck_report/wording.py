# SPDX-License-Identifier: GPL-2.0-or-later
"""wording.py: formats frames, counts and addresses for all outputs."""

import os.path


def number(count, noun):
    """RETURNS: the count with its noun: "1 run", "2 runs"."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def frame(frame):
    """RETURNS: a frame in the form of Valgrind's text, without the address."""
    function = frame.fn or "???"
    if frame.file:
        return f"{function} ({position(frame)})"
    return f"{function} (in {frame.obj})" if frame.obj else function


def position(frame):
    """RETURNS: file and line."""
    return f"{frame.file}:{frame.line}" if frame.line else frame.file


def states(group):
    """RETURNS: the states of a group's stores, with counts if there is more than one."""
    if len(group.states) < 2:
        return ", ".join(group.states)
    return ", ".join(f"{count:,} {state}" for state, count in sorted(group.states.items()))


def where(finding, said=""):
    """RETURNS: size, address and place in the pool; without the address if `said` has it."""
    parts = []
    if finding.address is not None and f"{finding.address:#x}" not in said.lower():
        parts.append(f"{number(finding.size, 'byte')} at {finding.address:#x}")
    if finding.lowest is not None and finding.end is not None and finding.count > 1:
        parts.append(f"of {number(finding.count, 'finding')} from {finding.lowest:#x} "
                     f"to {finding.end:#x}")
    if finding.file:
        parts.append(f"offset {finding.offset} of {finding.file}")
    if finding.name:
        parts.append(f"{finding.name} + {finding.name_offset}")
    if finding.transaction is not None:
        parts.append(f"transaction {finding.transaction}")
    if finding.nesting:
        parts.append(f"nesting {finding.nesting}")
    return ", ".join(parts)


def run_names(runs):
    """RETURNS: Run -> a short name: the base name of its file, if all files share a directory."""
    directories = {os.path.dirname(run.file) for run in runs}
    if len(directories) == 1:
        return {run: os.path.basename(run.file) for run in runs}
    return {run: run.file for run in runs}


def run_state(run):
    """RETURNS: how a run ended; empty if all is well."""
    if run.signal:
        return f"ended by {run.signal}"
    return "" if run.complete else "the file is incomplete"


def printable(text):
    """RETURNS: the text on one line, without control characters."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
