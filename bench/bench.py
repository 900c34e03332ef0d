#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""bench.py: measures what pmemcheck costs, compared with Valgrind's none and memcheck.  `make bench` calls it.

regtest/harness/place.py finds the build and Valgrind.
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys

import measure
import rows
import scale
import states
from measure import MEMCHECK, NATIVE, NONE, OURS, place
from rows import Group, Row, Unavailable, workload
from tables import NAME_WIDTH, Comparison, Report

EPILOG = """\
Without an option that selects another table, bench.py prints seconds and memory of each program run
natively (native), under --tool=none, which shows what Valgrind itself costs, under memcheck and
under pmemcheck (ours).

environment:
  PMEMCHECK_BUILD   the build directory of the tool
  VALGRIND          the valgrind program for none and memcheck
  CC                the C compiler for the workloads
  BENCH_REFERENCE   a command for one more column: 'other/valgrind --tool=pmemcheck'
  BENCH_MEMCACHED   the command of a memcached with its slabs in persistent memory, without the
                    option for its socket: 'memcached -o pslab_file=...'

The exit status is 1 if a program failed.
"""

GROUPS = (rows.PROGRAMS, rows.MICRO, rows.MAPS_8K, rows.MAPS_30K, rows.MEMCACHED)
WITH_OPTIONS = (rows.PROGRAMS, rows.MICRO, rows.MAPS_8K)

CHECKS = measure.ours("checks", "--mult-stores=yes", "--flush-check=yes")
LISTED = measure.Tool("listed", (*CHECKS.command, "--group=no"))
LOGGED = measure.ours("log", "--log-stores=yes", "--log-file=stores.log")
# Without this option the tool leaves code as it is under none until there is persistent memory.
WATCHED = measure.ours("watched", "--pmem-file=/dev/null/no-such-file")

# (row, its description, the most MiB above none that it may need)
MEMORY = (
    (Row("sparse", workload("sparse", 4096)),
     "4,096 lines stored to, at equal distances in 4 GiB", 100),
    (Row("random", workload("sparse", 20000, "random")),
     "20,000 lines stored to, anywhere in 4 GiB", 100),
    (Row("outstanding", workload("outstanding", 1000000, 0)),
     "1,000,000 outstanding stores, each in a line of its own", 150),
)


def compare(report, table, groups, bin_directory, rounds):
    table.head()
    for group in groups:
        table.begin(group.title)
        for row in group.rows:
            try:
                job = row.make(bin_directory)
            except Unavailable as lacking:
                report.left_out(row.name, lacking)
                continue
            found = measure.measure([job], table.tools, rounds)
            table.row(row.name, {tool: figures for (_, tool), figures in found.items()})
        table.end()


def memory(report, entries, bin_directory, rounds):
    """Prints how much more memory the tool needs than none."""
    report.line("Peak memory in MiB.  above: more than none; want: above at most.")
    report.line(f"\n{'':<{NAME_WIDTH}}{'none':>8}{'ours':>8}{'above':>8}{'want':>8}")
    for row, what, want in entries:
        found = measure.measure([row.make(bin_directory)], [NONE, OURS], rounds)
        none, ours = (found[0, tool.name] for tool in (NONE, OURS))
        report.keep("memory", row.name, NONE, none)
        report.keep("memory", row.name, OURS, ours)
        text = f"{row.name:<{NAME_WIDTH}}"
        if None in (none.peak(), ours.peak()):
            report.line(text + "  failed")
            continue
        above = ours.peak() - none.peak()
        report.line(f"{text}{none.peak():>8.1f}{ours.peak():>8.1f}{above:>8.1f}{want:>8}  "
                    f"{what}{': above the limit' if above > want else ''}")


# ---- the command line ----------------------------------------------------------------------------

def chosen(groups, names):
    """RETURNS: the groups, each with the rows that the names select."""
    picked = []
    for group in groups:
        which = tuple(row for row in group.rows
                      if not names or {row.name, *group.names} & set(names))
        if which:
            picked.append(Group(group.title, group.names, which))
    return picked


def known_names(arguments):
    """RETURNS: the names of rows and groups in the selected table."""
    if arguments.scale:
        return [curve.name for curve in scale.CURVES]
    if arguments.memory:
        return [row.name for row, _, _ in MEMORY]
    groups = WITH_OPTIONS if arguments.options else GROUPS
    return list(dict.fromkeys(name for group in groups
                              for name in (*group.names, *(row.name for row in group.rows))))


def parse():
    parser = argparse.ArgumentParser(
        prog="bench.py", description="Measures what pmemcheck costs.", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--options", action="store_true",
                       help="measure time with --mult-stores and --flush-check, with each finding "
                            "listed, with --log-stores, and with --pmem-file")
    other.add_argument("--memory", action="store_true",
                       help="measure memory for sparse mappings and for outstanding stores")
    other.add_argument("--states", action="store_true",
                       help="measure how many states a second pmemcheck-explore checks")
    other.add_argument("--scale", action="store_true",
                       help="measure how time grows with stores, mappings, threads and so on")
    parser.add_argument("--rounds", type=int, default=5, metavar="N",
                        help="run everything N times and print medians (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write all figures to FILE")
    parser.add_argument("--bin", metavar="DIR", type=pathlib.Path,
                        default=place.BUILD / "bench" / "bin",
                        help="build the workloads in DIR (%(default)s)")
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help="measure only these rows or groups, of those that --list prints")
    parser.add_argument("--list", action="store_true",
                        help="print the names of rows, and of groups of rows")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error(f"--rounds={arguments.rounds}: want 1 or more")
    return arguments


def conditions(rounds):
    version = subprocess.run([place.VALGRIND, "--version"], capture_output=True, text=True)
    return (f"{version.stdout.strip()}, {os.cpu_count()} processor(s), {rounds} round(s), "
            f"in {measure.where_to_run()}")


def run(report, arguments):
    """Prints the selected table."""
    names, bin_directory, rounds = arguments.names, arguments.bin, arguments.rounds
    if arguments.scale:
        curves = [c for c in scale.CURVES if not names or c.name in names]
        scale.draw(report, curves, bin_directory, rounds)
    elif arguments.states:
        states.measure_states(report, bin_directory, rounds)
    elif arguments.memory:
        memory(report, [e for e in MEMORY if not names or e[0].name in names], bin_directory,
               rounds)
    elif arguments.options:
        report.line("Medians in seconds.  checks: --mult-stores=yes --flush-check=yes; listed: the same "
                    "with --group=no,\nwhich lists each finding; log: --log-stores=yes to a file; "
                    "watched: --pmem-file, which watches stores\neven before there is persistent "
                    "memory.\n")
        compare(report, Comparison(report, [NONE, CHECKS, LISTED, LOGGED, WATCHED], NONE),
                chosen(WITH_OPTIONS, names), bin_directory, rounds)
    else:
        tools = [NATIVE, NONE, MEMCHECK, OURS]
        tools += [other for other in [measure.reference()] if other]
        report.line("Medians in seconds.  A ratio can be less than 1, because libpmem flushes with "
                    "CLWB under pmemcheck,\nbut with CLFLUSH under none and memcheck, where CPUID "
                    "shows no other instruction.\n")
        compare(report, Comparison(report, tools, NONE, [NONE, OURS]), chosen(GROUPS, names),
                bin_directory, rounds)


def main():
    arguments = parse()
    known = known_names(arguments)
    if arguments.list:
        print("\n".join(known))
        return 0
    wrong = [name for name in arguments.names if name not in known]
    if wrong:
        sys.exit(f"bench.py: {wrong[0]}: want names out of {', '.join(known)}")
    missing = place.what_is_missing()
    if missing:
        sys.exit(f"bench.py: {'; '.join(missing)}")
    arguments.bin = arguments.bin.resolve()
    arguments.bin.mkdir(parents=True, exist_ok=True)
    # An exception also ends the run that is in progress.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    report = Report()
    about = conditions(arguments.rounds)
    report.line(about)
    try:
        run(report, arguments)
    except Unavailable as lacking:
        sys.exit(f"bench.py: {lacking}")
    except KeyboardInterrupt:
        return 130
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(
            {"about": about, "runs": report.rows, "exponents": report.exponents}, indent=1) + "\n")
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
