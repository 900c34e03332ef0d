# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures how time grows with the size n of something: n, 2 n, 4 n, 8 n, 16 n."""

from dataclasses import dataclass

from measure import NONE, OURS, measure, ours
from rows import workload
from tables import NAME_WIDTH, exponent

SIZES = 5
LEAST = 0.1  # seconds; less is noise
MOST_THREADS = 500  # of a program: --max-threads


@dataclass(frozen=True)
class Curve:
    name: str
    what: str
    first: int  # n
    # (argument of the workload, ...); "n" stands for the size
    arguments: tuple = ("n",)
    program: str = ""  # the workload, if it has another name than the curve
    above: tuple = ("nothing",)  # the workload, with its arguments, whose time is subtracted
    options: tuple = ()  # of pmemcheck

    def job(self, size):
        arguments = (size if argument == "n" else argument for argument in self.arguments)
        return workload(self.program or self.name, *arguments)


CURVES = (
    Curve("stores", "n stores, each persisted", 500000, program="persist"),
    Curve("outstanding", "n outstanding stores", 200000, ("n", 0)),
    Curve("beside", "the time that n outstanding stores add to 100,000 persisted ones", 200000,
          ("n", 100000), "outstanding", ("outstanding", 0, 100000)),
    Curve("mappings", "n mappings, 4 persisted stores in each", 10000),
    Curve("threads", "n threads, 10,000 persisted stores by each", 30, ("n", 10000)),
    Curve("transactions", "n open transactions of a thread, a range in each", 10000),
    Curve("ranges", "n ranges in a transaction", 20000),
    Curve("findings", "n findings", 50000),
    Curve("listed", "n findings, each listed", 50000, program="findings",
          options=("--group=no",)),
)
assert all(c.first << SIZES - 1 < MOST_THREADS for c in CURVES if c.name == "threads")


def draw(report, curves, bin_directory, rounds):
    """Measures the curves and prints them."""
    report.line(f"Median seconds more than for a program that does nothing.  The time grows as the "
                f"size to the power\nof the exponent; 1 is linear.  It is fitted to the times of at "
                f"least {LEAST} s; last: only to the last two\nsizes, which shows growth that begins "
                "late.")
    for curve in curves:
        tools = [NONE, ours(OURS.name, *curve.options)]
        sizes = [curve.first << i for i in range(SIZES)]
        jobs = [workload(*curve.above)(bin_directory)]
        jobs += [curve.job(size)(bin_directory) for size in sizes]
        found = measure(jobs, tools, rounds)
        report.line(f"\n{curve.name}: {curve.what}")
        report.line(f"{'n':<{NAME_WIDTH}}" + "".join(f"{size:>10}" for size in sizes)
                    + f"{'exponent':>10}{'last':>6}")
        for tool in tools:
            figures = [found[n, tool.name] for n in range(len(jobs))]
            for size, its in zip([0, *sizes], figures):
                report.keep("scale", curve.name, tool, its, size=size)
            start, *medians = (its.median() for its in figures)
            above = [None if None in (start, median) else median - start for median in medians]
            fitted = exponent(sizes, above, LEAST)
            last = exponent(sizes[-2:], above[-2:], LEAST, points_needed=2)
            report.line(f"{tool.name:<{NAME_WIDTH}}"
                        + "".join("    failed" if s is None else f"{s:>10.3f}" for s in above)
                        + _shown(fitted, 10) + _shown(last, 6))
            report.note(group="scale", row=curve.name, tool=tool.name, exponent=fitted, last=last)


def _shown(power, width):
    return f"{'-' if power is None else format(power, '.2f'):>{width}}"
