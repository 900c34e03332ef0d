# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs pmemcheck-explore, and parses its report."""

import json
import re
from dataclasses import dataclass, field

from . import place, run

ENV = {"PMEM_IS_PMEM_FORCE": "1", "PMEMOBJ_CONF": "sds.at_create=0"}


class FormatError(Exception):
    pass


@dataclass
class Cause:
    id: str
    point: int
    images: int
    lines: list  # of text, without their indentation by two spaces

    def places(self, what):
        """RETURNS: the frames of the stack of each store that was kept, or lost."""
        found, frames = [], None
        for line in self.lines:
            if re.match(r"(kept|lost|hint|the check)\b", line):
                frames = None
            if line.startswith(what + ": "):
                frames = []
                found.append(frames)
            elif frames is not None and (frame := re.match(r"      (?:at|by) 0x\w+: (.*)", line)):
                frames.append(frame[1])
        return found


@dataclass
class Report:
    points: int = 0
    possible: str = ""
    chosen: int = 0
    checked: int = 0
    failed: int = 0
    strength: str = ""
    causes: list = field(default_factory=list)


def read(text):
    """RETURNS: the text as a Report.  Raises FormatError at an unknown line."""
    lines = text.splitlines()
    found = Report()

    def take(pattern, optional=False):
        match = re.fullmatch(pattern, lines[0]) if lines else None
        if not match and not optional:
            raise FormatError(f"want {pattern}, found {lines[:1]}")
        if match:
            lines.pop(0)
        return match

    take(r"pmemcheck-explore 1\.0: .*")
    found.points = int(take(r"looked at: (\d+) failure points?( \(.*\))?, \d+ pending lines? in \d+ parts?")[1])
    found.possible, chosen = take(r"states: (.*) possible, (\d+) chosen").groups()
    found.chosen = int(chosen)
    found.checked = int(take(r"images: (\d+) checked, \d+ equal to one of these(, in share \d+ of \d+)?")[1])
    found.strength = take(r"strength: (.*)")[1]
    while take(r"(incomplete|note): .*", optional=True):
        pass
    if take(r"failures: none", optional=True):
        if lines:
            raise FormatError(f"after no failures: {lines}")
        return found
    found.failed = int(take(r"failures: (\d+) images?(, \d+ causes?)?")[1])
    while lines and lines[0] == "":
        lines.pop(0)
        if take(r"images are in .*", optional=True):
            break
        head = take(r"\[\d+\] (\S+), point (\d+): (\d+) images? fails? because of this.*")
        cause = Cause(head[1], int(head[2]), int(head[3]), [])
        while lines and lines[0] != "":
            cause.lines.append(lines.pop(0)[2:])
        found.causes.append(cause)
    if lines:
        raise FormatError(f"unknown: {lines}")
    return found


def explore(cwd, *arguments, **env):
    """RETURNS: a run.Run."""
    return run.execute([place.EXPLORE, *arguments], cwd, **{**ENV, **env})


def report(done):
    """RETURNS: the Report of a run.Run that explored everything."""
    assert done.status in (0, 1) and done.stderr == "", done
    found = read(done.stdout)
    assert (done.status == 1) == (found.failed > 0), done
    assert sum(c.images for c in found.causes) == found.failed, done
    return found


def json_of(path):
    return json.loads(path.read_text())


def script(directory, text, name="checker"):
    """Writes a script.  RETURNS: the command for --check that runs it."""
    file = directory / name
    file.write_text("#!/bin/sh\n" + text)
    file.chmod(0o755)
    return f"./{name} {{}}"
