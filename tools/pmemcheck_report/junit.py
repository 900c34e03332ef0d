# SPDX-License-Identifier: GPL-2.0-or-later
"""junit.py: writes a Report as JUnit XML, with a <testsuite> for each run.

A bug or risk is a failed testcase, or a skipped one if the baseline has it.  Costs fail no test: they
go to the suite's <system-out>.  A run without bugs and risks is one passed testcase.  An incomplete
file, or a run that a signal ended, is a testcase with an error.
"""

import re
import shlex
from collections import Counter
from xml.etree import ElementTree as ET

from . import wording

# Characters that XML 1.0 cannot hold, including the surrogates in file names that are not UTF-8.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report, sources):
    """RETURNS: the text of the file."""
    names = wording.run_names(report.runs)
    problems = {problem.file: str(problem) for problem in report.problems}
    suites = ET.Element("testsuites", name="pmemcheck")
    for run in report.runs:
        groups = [group for group in report.groups if run in group.runs]
        _suite(suites, names[run], run, groups, problems.pop(run.file, None), sources)
    for file, text in problems.items():  # files that could not be read at all
        suite = ET.SubElement(suites, "testsuite", name=_text(file))
        _error(suite, text)
        _count(suite)
    for name in ("tests", "failures", "errors", "skipped"):
        suites.set(name, str(sum(int(suite.get(name)) for suite in suites)))
    ET.indent(suites, "  ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, "unicode") + "\n"


def _suite(suites, name, run, groups, problem, sources):
    suite = ET.SubElement(suites, "testsuite", name=_text(name))
    properties = ET.SubElement(suite, "properties")
    for key, value in (("file", run.file), ("pid", run.pid), ("command", shlex.join(run.argv))):
        ET.SubElement(properties, "property", name=key, value=_text(value))
    ended = problem or (wording.run_state(run) and f"{run.file}: {wording.run_state(run)}")
    if ended:
        _error(suite, ended)
    costs = [group for group in groups if group.kind.severity == "cost"]
    failures = [group for group in groups if group.kind.severity != "cost"]
    seen = Counter()
    for group in failures:
        _failure(suite, group, sources, seen)
    if not failures and not ended:
        ET.SubElement(suite, "testcase", classname="pmemcheck", name="no bug and no risk")
    _count(suite)
    if costs:
        out = ET.SubElement(suite, "system-out")
        out.text = "\n" + _text("\n".join(_described(group) for group in costs))


def _failure(suite, group, sources, seen):
    """seen: how often each name was used.  CI servers merge testcases with the same name."""
    stack = group.stack
    at = wording.frame(stack[sources.home(stack)]) if stack else group.id
    name = f"{group.kind.title}: {at}"
    seen[name] += 1
    if seen[name] > 1:
        name += f", {seen[name]}"
    case = ET.SubElement(suite, "testcase", classname=f"pmemcheck.{_text(group.kind.id)}",
                         name=_text(name))
    if group.new is False:
        ET.SubElement(case, "skipped", message="known: the baseline has it")
        return
    failure = ET.SubElement(case, "failure", type=_text(group.kind.id),
                            message=_text(group.first.what or group.kind.title))
    failure.text = "\n" + _text(_described(group))


def _error(suite, text):
    case = ET.SubElement(suite, "testcase", classname="pmemcheck", name="the run is whole")
    ET.SubElement(case, "error", type="NotWhole", message=_text(text))


def _count(suite):
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))


def _described(group):
    """RETURNS: the whole group as text."""
    lines = [f"{group.kind.title} ({wording.number(group.count, 'time')})",
             *_stack(group.stack)]
    for text, frames in group.first.more:
        lines += [text, *_stack(frames)]
    if group.hint:
        lines.append(f"hint: {group.hint}")
    return "\n".join(lines) + "\n"


def _stack(frames):
    return [f"  {'by' if index else 'at'} {wording.frame(frame)}"
            for index, frame in enumerate(frames)]


def _text(value):
    return _FORBIDDEN.sub(lambda c: c[0].encode("unicode_escape").decode(), str(value))
