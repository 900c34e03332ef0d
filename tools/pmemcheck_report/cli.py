# SPDX-License-Identifier: GPL-2.0-or-later
"""cli.py: the command line, and what is done for it."""

import argparse
import os
import sys

from . import (baseline, explored, jsonfile, junit, output, page, reader, sarif, source, table,
               terminal, wording)
from .model import Problem, Report

PROGRAM = "pmemcheck-report"
WRITERS = {"sarif": sarif.write, "junit": junit.write, "json": jsonfile.write, "html": page.write}

OK, FOUND, UNUSABLE = 0, 1, 2


def main(findings, arguments=None):
    """Does what the command line says.  findings: the path of findings.json.  RETURNS: the status."""
    try:
        kinds = table.Table(findings)
    except (OSError, ValueError) as wrong:
        return _complain(f"{findings}: {wrong}: want the table of findings that the build makes")
    options = _parse(kinds.version, arguments)
    try:
        return _report(kinds, options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has seen enough
        return UNUSABLE
    except KeyboardInterrupt:
        return 130


def _parse(version, arguments):
    parser = argparse.ArgumentParser(
        prog=PROGRAM, allow_abbrev=False,
        description="Reads what runs under valgrind --tool=pmemcheck --xml=yes found, and what "
        "pmemcheck-explore --json wrote, and reports it as a whole: in the terminal, and as the files asked for. FILE `-' is standard output.",
        epilog="Exit status: 0 nothing found, or nothing new; 1 something; 2 an input was not usable, "
        "an output not writable, or the command line wrong.")
    parser.add_argument("inputs", nargs="+", metavar="FILE",
                        help="written with --xml-file=, or by pmemcheck-explore with --json")
    out = parser.add_argument_group("outputs")
    out.add_argument("--html", metavar="FILE", help="one page to look at in a browser")
    out.add_argument("--sarif", metavar="FILE", help="SARIF 2.1.0, for code hosts and editors")
    out.add_argument("--junit", metavar="FILE", help="JUnit XML, for CI servers")
    out.add_argument("--json", metavar="FILE", help="all of it; also a --baseline for later")
    out.add_argument("-q", "--quiet", action="store_true", help="no summary in the terminal")
    parser.add_argument("--source-root", metavar="DIR", default=".",
                        help="where your own sources are (default: here)")
    parser.add_argument("--baseline", metavar="FILE",
                        help="an earlier --json: what it has is known, and does not fail")
    parser.add_argument("--fail-on", choices=table.SEVERITIES, default="cost",
                        help="the least severity that makes status 1 (default: %(default)s)")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto",
                        help="in the terminal (default: %(default)s)")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {version}")
    options = parser.parse_args(arguments)
    outputs = [name for name in WRITERS if getattr(options, name) == "-"]
    if len(outputs) > 1:
        parser.error(f"--{' and --'.join(outputs)} both write to standard output: want one at most")
    options.quiet = options.quiet or bool(outputs)
    if not os.path.isdir(options.source_root):
        parser.error(f"--source-root={options.source_root}: want a directory")
    return options


def _report(kinds, options):
    known = None
    status = OK
    if options.baseline is not None:
        try:
            known = baseline.read(options.baseline)
        except baseline.Unusable as wrong:
            status = _complain(str(wrong))
    runs, problems = _read(options.inputs)
    for problem in problems:
        status = _complain(str(problem))
    if any(run.findings and run.findings[0].kind == explored.KIND for run in runs):
        kinds.add(explored.KIND, "bug", explored.TITLE, explored.HINT)
    report = Report(kinds, runs, problems)
    if known is not None:
        baseline.compare(report, options.baseline, known)
    sources = source.Sources(options.source_root)
    for name, writer in WRITERS.items():
        path = getattr(options, name)
        if path is not None:
            status = max(status, _write(path, writer(report, sources)))
    if not options.quiet:
        colours = (terminal.has_colours(sys.stdout) if options.color == "auto"
                   else options.color == "always")
        status = max(status, _write("-", terminal.write(report, sources, colours)))
    fails = table.SEVERITIES[:table.SEVERITIES.index(options.fail_on) + 1]
    found = any(g.kind.severity in fails and g.new is not False for g in report.groups)
    return max(status, FOUND if found else OK)


def _read(paths):
    """RETURNS: the runs and the problems of the files, each of which is read once."""
    runs, problems, seen = [], [], set()
    for path in paths:
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        run, problem = (explored if explored.is_one(path) else reader).read(path)
        if run:
            runs.append(run)
        if problem:
            problems.append(problem)
    return runs, problems


def _write(path, text):
    """RETURNS: the status."""
    try:
        if path == "-":
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
            sys.stdout.flush()
        else:
            output.write(path, text)
    except BrokenPipeError:
        raise
    except OSError as wrong:
        return _complain(str(Problem("standard output" if path == "-" else path, 0,
                                     f"not written: {wrong.strerror}")))
    return OK


def _complain(text):
    """RETURNS: the status of who has to complain."""
    sys.stdout.flush()
    print(f"{PROGRAM}: {wording.printable(text)}", file=sys.stderr)
    return UNUSABLE
