# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints figures row by row, as soon as they are measured, and keeps them for --json."""

import math
import statistics

NAME_WIDTH = 15


class Report:
    """Prints lines, and keeps figures and failures."""

    def __init__(self):
        self.rows = []  # for --json: one of each program under each tool
        self.exponents = []  # for --json
        self.failures = []

    def keep(self, group, name, tool, figures, **more):
        """Keeps the figures of one program under one tool."""
        self.rows.append({"group": group, "row": name, **more, "tool": tool.name,
                          "seconds": figures.seconds, "peak_mib": figures.peaks,
                          "failure": figures.failure})
        if figures.failure:
            self.failures.append(f"{name}: {tool.name}: {figures.failure}")

    def note(self, **about):
        """Keeps the exponents of a curve."""
        self.exponents.append(about)

    def line(self, text=""):
        print(text.rstrip(" "), flush=True)

    def left_out(self, name, why):
        self.line(f"{name:<{NAME_WIDTH}}  left out: {why}")

    def end(self):
        """RETURNS: the exit status."""
        if self.failures:
            self.line()
        for failure in self.failures:
            self.line(f"FAILED: {failure}")
        return 1 if self.failures else 0


def block(titles):
    """RETURNS: the widths of columns with these titles."""
    return [max(8, len(title) + 2) for title in titles]


def cells(values, widths, form):
    """RETURNS: the values in columns of these widths; None is a failed run."""
    return "".join(f"{'failed' if value is None else form.format(value):>{width}}"
                   for value, width in zip(values, widths))


class Comparison:
    """A table of seconds, ratios to the tool `base`, and peaks of memory."""

    def __init__(self, report, tools, base, of_memory=()):
        self.report, self.tools, self.base, self.of_memory = report, tools, base, of_memory
        self.compared = [tool for tool in tools if tool is not base]
        self.widths = [block([tool.name for tool in those])
                       for those in (tools, self.compared, of_memory)]
        self.group = None
        self.ratios = {}  # tool's name -> those of the group's rows

    def head(self):
        titles = ("seconds", f"ratio to {self.base.name}", "peak MiB")
        first, second = " " * NAME_WIDTH, " " * NAME_WIDTH
        for title, those, widths in zip(titles, (self.tools, self.compared, self.of_memory),
                                        self.widths):
            if those:
                first += " |" + f"{title:>{sum(widths)}}"
                second += " |" + cells([tool.name for tool in those], widths, "{}")
        self.report.line(first)
        self.report.line(second)

    def begin(self, group):
        self.group = group
        self.ratios = {tool.name: [] for tool in self.compared}
        self.report.line(f"\n{group}")

    def row(self, name, figures):
        """Prints a row.  figures: {tool's name: Figures}."""
        for tool in self.tools:
            self.report.keep(self.group, name, tool, figures[tool.name])
        base = figures[self.base.name].median()
        medians = [figures[tool.name].median() for tool in self.tools]
        ratios = []
        for tool in self.compared:
            median = figures[tool.name].median()
            ratios.append(None if None in (base, median) else median / base)
            self.ratios[tool.name].append(ratios[-1])
        text = f"{name:<{NAME_WIDTH}} |" + cells(medians, self.widths[0], "{:.3f}")
        text += " |" + cells(ratios, self.widths[1], "{:.2f}")
        if self.of_memory:
            peaks = [figures[tool.name].peak() for tool in self.of_memory]
            text += " |" + cells(peaks, self.widths[2], "{:.0f}")
        self.report.line(text)

    def end(self):
        """Prints the means of the group, for the tools without failed runs."""
        rows = max(map(len, self.ratios.values()))
        if rows > 1:
            means = []
            for tool in self.compared:
                ratios = self.ratios[tool.name]
                means.append(None if None in ratios else statistics.geometric_mean(ratios))
            text = f"{'geometric mean':<{NAME_WIDTH}} |" + " " * sum(self.widths[0])
            text += " |" + cells(means, self.widths[1], "{:.2f}") + " |" * bool(self.of_memory)
            self.report.line(text)


def exponent(sizes, seconds, least, points_needed=3):
    """RETURNS: b of seconds = a * sizes^b, by least squares of the logarithms over the points of
    at least `least` seconds; None if there are too few."""
    points = [(math.log(n), math.log(s)) for n, s in zip(sizes, seconds)
              if s is not None and s >= least]
    if len(points) < points_needed:
        return None
    x, y = (statistics.fmean(values) for values in zip(*points))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)
