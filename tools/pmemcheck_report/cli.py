# SPDX-License-Identifier: GPL-2.0-or-later
"""cli.py: parses the command line and carries it out."""

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
    """Carries out the command line.  findings: the path of findings.json.  RETURNS: the exit status."""
    try:
        kinds = table.Table(findings)
    except (OSError, ValueError) as wrong:
        return _complain(f"{findings}: {wrong}: want the table of findings that the build makes")
    options = _parse(kinds.version, arguments)
    try:
        return _report(kinds, options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has closed the pipe
        return UNUSABLE
    except KeyboardInterrupt:
        return 130


def _parse(version, arguments):
    parser = argparse.ArgumentParser(
        prog=PROGRAM, allow_abbrev=False, add_help=False,
        description="Makes one report of many runs. It reads the XML files of valgrind --tool=pmemcheck "
        "--xml=yes and the JSON files of pmemcheck-explore --json, and prints a summary.",
        epilog="The exit status is 0 if nothing was found, or nothing new; 1 if something was; 2 if an input "
        "could not be read, an output could not be written, or the command line is wrong.")
    parser.add_argument("inputs", nargs="+", metavar="FILE",
                        help="a file written by --xml-file=, or by pmemcheck-explore --json")
    out = parser.add_argument_group("outputs (a FILE of - is standard output)")
    out.add_argument("--html", metavar="FILE", help="write an HTML page, with source lines and a map of the pools")
    out.add_argument("--sarif", metavar="FILE", help="write SARIF 2.1.0, for code hosts and editors")
    out.add_argument("--junit", metavar="FILE", help="write JUnit XML, for CI servers")
    out.add_argument("--json", metavar="FILE", help="write JSON, for scripts and for a later --baseline")
    out.add_argument("-q", "--quiet", action="store_true", help="print no summary")
    judged = parser.add_argument_group("exit status")
    judged.add_argument("--baseline", metavar="FILE",
                        help="accept the findings of an earlier --json: only new ones make the status 1")
    judged.add_argument("--fail-on", choices=table.SEVERITIES, default="cost",
                        help="make the status 1 only for findings at least this severe (default: %(default)s)")
    looks = parser.add_argument_group("presentation")
    looks.add_argument("--source-root", metavar="DIR", default=".",
                       help="look for your own sources below DIR (default: the current directory)")
    looks.add_argument("--color", choices=("auto", "always", "never"), default="auto",
                       help="colour the summary; auto: if it goes to a terminal with colours (default: %(default)s)")
    about = parser.add_argument_group("about the program")
    about.add_argument("-h", "--help", action="help", help="print this help and exit")
    about.add_argument("--version", action="version", version=f"{PROGRAM} {version}",
                       help="print the version and exit")
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
    """RETURNS: the runs and the problems of the files.  A file given twice is read once."""
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
    """RETURNS: the exit status."""
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
    """Prints the text as an error.  RETURNS: the exit status for it."""
    sys.stdout.flush()
    print(f"{PROGRAM}: {wording.printable(text)}", file=sys.stderr)
    return UNUSABLE
