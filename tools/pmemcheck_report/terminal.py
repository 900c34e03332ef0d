# SPDX-License-Identifier: GPL-2.0-or-later
"""terminal.py: writes a Report as text for people."""

import os
import shlex

from . import wording

_COLOURS = {"bug": "1;31", "risk": "1;33", "cost": "1;36", "new": "1;7", "faint": "2", "strong": "1"}
_RUNS_SHOWN = 4


class Painter:
    """Colours words, or leaves them unchanged."""

    def __init__(self, colours):
        self.colours = colours

    def __call__(self, colour, text):
        text = wording.printable(text)
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self.colours and text else text


def has_colours(stream, environment=os.environ):
    """RETURNS: whether the stream is a terminal with colours whose user wants them."""
    return (stream.isatty() and not environment.get("NO_COLOR")
            and environment.get("TERM", "dumb") != "dumb")


def write(report, sources, colours):
    """RETURNS: the text."""
    paint = Painter(colours)
    names = wording.run_names(report.runs)
    lines = []
    for number, group in enumerate(report.groups, 1):
        lines += [*_group(number, group, names, sources, paint), ""]
    for run in report.runs:
        if wording.run_state(run):
            lines.append(wording.printable(f"{run.file}: {wording.run_state(run)}"))
    lines += _gone(report, paint)
    lines.append(_total(report, paint))
    return "\n".join(lines) + "\n"


def _group(number, group, names, sources, paint):
    kind = group.kind
    about = ", ".join(filter(None, [kind.id, wording.states(group)]))
    new = paint("new", "new") + " " if group.new else ""
    yield (f"[{number}] {new}{paint(kind.severity, kind.severity + ':')} "
           f"{paint('strong', kind.title)} ({wording.printable(about)}): "
           f"{_amount(group)}")
    yield from _stack(group.stack, sources, paint)
    for text, frames in group.first.more:
        yield f"    {wording.printable(text)}" + (":" if frames else "")
        yield from _stack(frames, sources, paint)
    first = wording.where(group.first)
    if first:
        yield f"    {paint('faint', 'first:')} {wording.printable(first)}"
    yield f"    {paint('faint', 'in:')} {wording.printable(_runs(group, names))}"
    if group.hint:
        yield f"    {paint('faint', 'hint:')} {wording.printable(group.hint)}"


def _amount(group):
    times = "once" if group.count == 1 else f"{group.count:,} times"
    return f"{times}, {wording.number(group.bytes, 'byte')}" if group.bytes else times


def _stack(frames, sources, paint):
    home = sources.home(frames)
    for index, frame in enumerate(frames):
        text = wording.frame(frame)
        text = paint("strong", text) if index == home else wording.printable(text)
        yield f"      {paint('faint', 'by' if index else 'at')} {text}"


def _runs(group, names):
    shown = [f"{names[run]} ({f'pid {run.pid}: ' * (run.pid != 0)}{shlex.join(run.argv)})"
             for run in list(group.runs)[:_RUNS_SHOWN]]
    if len(group.runs) > _RUNS_SHOWN:
        shown.append(f"and {len(group.runs) - _RUNS_SHOWN:,} more runs")
    return ", ".join(shown)


def _gone(report, paint):
    for one in report.gone:
        yield paint("faint", f"gone since the baseline: {one.kind} at {one.at}")


def _total(report, paint):
    severities = report.severities()
    parts = [paint(severity, wording.number(count, severity)) if count
             else wording.number(count, severity) for severity, count in severities.items()]
    text = f"{wording.number(len(report.runs), 'run')}: {', '.join(parts)}"
    if report.count != len(report.groups):
        text += f", seen {wording.number(report.count, 'time')}"
    if report.baseline:
        new = sum(group.new for group in report.groups)
        text += f"; {new:,} new, {len(report.groups) - new:,} known, {len(report.gone):,} gone"
    return text
