# SPDX-License-Identifier: GPL-2.0-or-later
"""sarif.py: writes a Report as SARIF 2.1.0, with one run for all inputs.

The location of a result is the frame that Sources.home chooses; `stacks` has the whole stack.  A second
stack, such as that of the first fence after a store, is a related location, and the last step of a
code flow that begins at the first stack.
"""

import json
import os.path
import shlex

from . import wording

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "pmemcheckFunctions/v1"
LEVELS = {"bug": "error", "risk": "warning", "cost": "note"}
ROOT = "SRCROOT"


def write(report, sources):
    """RETURNS: the text of the file."""
    maker = _Maker(report, sources)
    results = [maker.result(group) for group in report.groups]
    run = {
        "tool": {"driver": {
            "name": "pmemcheck",
            "version": report.version,
            "rules": [_rule(kind) for kind in maker.kinds],
        }},
        "originalUriBaseIds": {ROOT: {"uri": sources.root_uri()}},
        "invocations": [_invocation(run) for run in report.runs] + _problems(report),
        "artifacts": maker.artifacts,
        "results": results,
    }
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"


def _rule(kind):
    hint = kind.hint[:1].upper() + kind.hint[1:] + "." if kind.hint else f"{kind.title}."
    return {
        "id": kind.id,
        "name": kind.id,
        "shortDescription": {"text": f"{kind.title}."},
        "help": {"text": hint},
        "defaultConfiguration": {"level": LEVELS[kind.severity]},
        "properties": {"tags": ["persistent-memory", kind.severity]},
    }


def _invocation(run):
    invocation = {
        "executionSuccessful": run.complete and not run.signal,
        "processId": run.pid,
        "properties": {"file": run.file},
    }
    if run.argv:
        invocation["commandLine"] = shlex.join(run.argv)
        invocation["arguments"] = run.argv[1:]
    if run.signal:
        invocation["exitSignalName"] = run.signal
    return invocation


def _problems(report):
    """What is wrong with the inputs, as one invocation of pmemcheck-report."""
    if not report.problems:
        return []
    return [{"executionSuccessful": False, "toolExecutionNotifications": [
        {"level": "error", "message": {"text": str(problem)}} for problem in report.problems]}]


class _Maker:
    def __init__(self, report, sources):
        self.sources = sources
        self.kinds = sorted(report.kinds.kinds.values(), key=lambda kind: kind.order)
        self.artifacts = []
        self._numbers = {kind.id: number for number, kind in enumerate(self.kinds)}
        self._artifacts = {}  # URI -> index

    def result(self, group):
        kind, stack = group.kind, group.stack
        more = [(text, frames) for text, frames in group.first.more if frames]
        result = {
            "ruleId": kind.id,
            "ruleIndex": self._numbers[kind.id],
            "kind": "fail",
            "level": LEVELS[kind.severity],
            "message": {"text": _message(group)},
            "locations": [self._home(stack)] if stack else [],
            "partialFingerprints": {FINGERPRINT: group.id},
            "occurrenceCount": group.count,
            "properties": {"bytes": group.bytes, "states": dict(group.states),
                           "runs": [run.file for run in group.runs]},
        }
        if group.new is not None:
            result["baselineState"] = "new" if group.new else "unchanged"
        if stack:
            result["stacks"] = [self._stack(group.first.what, stack)]
            result["stacks"] += [self._stack(text, frames) for text, frames in more]
        if more:
            result["relatedLocations"] = [
                {"id": number, **self._home(frames), "message": {"text": text or "And here"}}
                for number, (text, frames) in enumerate(more, 1)]
        if stack and more:
            result["codeFlows"] = [self._flow(group, *one) for one in more]
        return result

    def _flow(self, group, text, frames):
        steps = [(group.first.what, group.stack), (text or "And here", frames)]
        return {"message": {"text": group.kind.title}, "threadFlows": [{"locations": [
            {"location": {**self._home(stack), "message": {"text": words}}}
            for words, stack in steps]}]}

    def _stack(self, text, frames):
        return {"message": {"text": text or "And here"},
                "frames": [self._frame(frame) for frame in frames]}

    def _frame(self, frame):
        made = {"location": self._location(frame)}
        if frame.obj:
            made["module"] = os.path.basename(frame.obj)
        return made

    def _home(self, frames):
        return self._location(frames[self.sources.home(frames)])

    def _location(self, frame):
        physical = {}
        if frame.file:
            physical["artifactLocation"] = self._artifact(frame)
            if frame.line:
                physical["region"] = {"startLine": frame.line}
        if frame.ip:
            physical["address"] = {"absoluteAddress": int(frame.ip, 16)}
        location = {"physicalLocation": physical} if physical else {}
        if frame.fn:
            location["logicalLocations"] = [{"fullyQualifiedName": frame.fn, "kind": "function"}]
        return location

    def _artifact(self, frame):
        uri, inside = self.sources.uri(frame)
        location = {"uri": uri, "uriBaseId": ROOT} if inside else {"uri": uri}
        if uri not in self._artifacts:
            self._artifacts[uri] = len(self.artifacts)
            self.artifacts.append({"location": location})
        return {**location, "index": self._artifacts[uri]}


def _message(group):
    parts = [group.first.what or group.kind.title]
    if group.count > 1:
        parts.append(f"and {group.count - 1:,} more like it, "
                     f"{wording.number(group.bytes, 'byte')} in all")
    text = ", ".join(parts) + "."
    return f"{text} {group.hint[0].upper()}{group.hint[1:]}." if group.hint else text
