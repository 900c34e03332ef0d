#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""bench.py: what pmemcheck costs, beside Valgrind's none and memcheck.  `make bench` calls it.

regtest/harness/place.py says where the build and Valgrind are looked for.
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
Without an option for another table: seconds and memory of each program alone (native), under
--tool=none, which is what Valgrind itself costs, under memcheck and under pmemcheck (ours).

environment:
  PMEMCHECK_BUILD   the build directory that has the tool
  VALGRIND          the valgrind program that it is compared with
  CC                the C compiler, of the workloads
  BENCH_REFERENCE   one more column: 'other/valgrind --tool=pmemcheck'
  BENCH_MEMCACHED   a memcached with its slabs in persistent memory, without the socket that it
                    listens at: 'memcached -o pslab_file=...'

The exit status is 1 if a program failed.
"""

GROUPS = (rows.PROGRAMS, rows.MICRO, rows.MAPS_8K, rows.MAPS_30K, rows.MEMCACHED)
WITH_OPTIONS = (rows.PROGRAMS, rows.MICRO, rows.MAPS_8K)

CHECKS = measure.ours("checks", "--mult-stores=yes", "--flush-check=yes")
LISTED = measure.Tool("listed", (*CHECKS.command, "--group=no"))
LOGGED = measure.ours("log", "--log-stores=yes", "--log-file=stores.log")
# Code is as it is under none until there is persistent memory, or may be.
WATCHED = measure.ours("watched", "--pmem-file=/dev/null/no-such-file")

# Row, what it has much of, the most MiB above none
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
    """Prints what the tool needs above none."""
    report.line("Peak memory in MiB, and the most that is wanted above that of none.")
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
                    f"{what}{': more than wanted' if above > want else ''}")


# ---- the command line ----------------------------------------------------------------------------

def chosen(groups, names):
    """RETURNS: the groups with those of their rows that the names choose."""
    picked = []
    for group in groups:
        which = tuple(row for row in group.rows
                      if not names or {row.name, *group.names} & set(names))
        if which:
            picked.append(Group(group.title, group.names, which))
    return picked


def known_names(arguments):
    """RETURNS: what may be chosen from the table that was asked for."""
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
                       help="time with --mult-stores and --flush-check, with each finding listed, "
                            "with --log-stores, and with --pmem-file")
    other.add_argument("--memory", action="store_true",
                       help="memory for sparse mappings, and for outstanding stores")
    other.add_argument("--states", action="store_true",
                       help="how many states a second pmemcheck-explore checks")
    other.add_argument("--scale", action="store_true",
                       help="how time grows with stores, mappings, threads and the like")
    parser.add_argument("--rounds", type=int, default=5, metavar="N",
                        help="run everything N times and take medians (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write all figures to FILE")
    parser.add_argument("--bin", metavar="DIR", type=pathlib.Path,
                        default=place.BUILD / "bench" / "bin",
                        help="where the workloads are built (%(default)s)")
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help="only these rows; --list says which there are")
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
    """Prints the table that was asked for."""
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
        report.line("Medians in seconds.  checks: --mult-stores=yes --flush-check=yes; listed: with "
                    "--group=no as well, each\nfinding by itself; log: --log-stores=yes to a file; "
                    "watched: stores are watched before there is\npersistent memory, too, as with "
                    "--pmem-file.\n")
        compare(report, Comparison(report, [NONE, CHECKS, LISTED, LOGGED, WATCHED], NONE),
                chosen(WITH_OPTIONS, names), bin_directory, rounds)
    else:
        tools = [NATIVE, NONE, MEMCHECK, OURS]
        tools += [other for other in [measure.reference()] if other]
        report.line("Medians in seconds.  libpmem flushes with CLFLUSH where CPUID shows no other "
                    "instruction, as\nunder none and memcheck, and with CLWB under pmemcheck: so a "
                    "ratio can be less than 1.\n")
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
        sys.exit(f"bench.py: {wrong[0]}: want names of {', '.join(known)}")
    missing = place.what_is_missing()
    if missing:
        sys.exit(f"bench.py: {'; '.join(missing)}")
    arguments.bin = arguments.bin.resolve()
    arguments.bin.mkdir(parents=True, exist_ok=True)
    # So that a run that is under way is ended, too.
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
