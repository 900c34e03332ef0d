# SPDX-License-Identifier: GPL-2.0-or-later
"""jsonfile.py: writes a Report as JSON, which --baseline reads.  docs/report.md describes the format.

A new member needs no new version; a changed meaning does.
"""

import json

from . import wording

FORMAT = "pmemcheck-report"
VERSION = 1


def write(report, sources):
    """RETURNS: the text of the file."""
    numbers = {run: number for number, run in enumerate(report.runs)}
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "pmemcheck": report.version,
        "total": {"findings": len(report.groups), "count": report.count, "bytes": report.bytes,
                  **report.severities()},
        "runs": [_run(run) for run in report.runs],
        "findings": [_group(group, numbers, sources) for group in report.groups],
        "problems": [problem._asdict() for problem in report.problems],
    }
    if report.baseline:
        whole["baseline"] = {"file": report.baseline, "new": sum(g.new for g in report.groups),
                             "gone": [one._asdict() for one in report.gone]}
    return "{\n" + ",\n".join(_member(name, value) for name, value in whole.items()) + "\n}\n"


def _member(name, value):
    """RETURNS: a member of the outermost object.  Each element of a list gets a line, for diff."""
    if not isinstance(value, list) or not value:
        return f"{_dump(name)}: {_dump(value)}"
    return f"{_dump(name)}: [\n " + ",\n ".join(map(_dump, value)) + "\n]"


def _dump(value):
    return json.dumps(value, ensure_ascii=False)


def _run(run):
    return {"file": run.file, "tool": run.tool, "pid": run.pid, "ppid": run.ppid, "argv": run.argv,
            "complete": run.complete, "signal": run.signal or None,
            "findings": sum(f.count for f in run.findings),
            "mappings": [_given(mapping._asdict()) for mapping in run.mappings]}


def _group(group, numbers, sources):
    stack = group.stack
    known = {} if group.new is None else {"new": group.new}
    return {
        "id": group.id,
        "place": group.place,
        "kind": group.kind.id,
        "severity": group.kind.severity,
        "title": group.kind.title,
        **known,
        "at": wording.frame(stack[sources.home(stack)]) if stack else "",
        "what": group.first.what,
        "count": group.count,
        "bytes": group.bytes,
        "states": dict(sorted(group.states.items())),
        "runs": [{"run": numbers[run], "count": count} for run, count in group.runs.items()],
        "first": _first(group.first),
        "stack": [_frame(frame) for frame in stack],
        "more": [{"text": text, "stack": [_frame(frame) for frame in frames]}
                 for text, frames in group.first.more],
        "hint": group.hint,
    }


def _first(finding):
    return _given({
        "tid": finding.tid, "thread": finding.thread, "address": finding.address,
        "size": finding.size, "state": finding.state, "file": finding.file,
        "offset": finding.offset if finding.file else None, "name": finding.name,
        "nameoffset": finding.name_offset if finding.name else None,
        "transaction": finding.transaction, "nesting": finding.nesting or None})


def _frame(frame):
    return _given({**frame._asdict(), "line": frame.line or None})


def _given(members):
    """RETURNS: the members that are known."""
    return {name: value for name, value in members.items() if value not in (None, "")}
