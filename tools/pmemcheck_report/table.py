# SPDX-License-Identifier: GPL-2.0-or-later
"""table.py: the kinds of finding, which the build generates from pmemcheck/tables/findings.def."""

import json
from typing import NamedTuple

SEVERITIES = ("bug", "risk", "cost")  # worst first


class Kind(NamedTuple):
    id: str
    severity: str
    title: str
    hint: str
    order: int  # its place in the table

    @property
    def rank(self):
        """A sort key: the worst severity first, then in table order."""
        return SEVERITIES.index(self.severity), self.order


class Table:
    """The kinds, and the pmemcheck version that they belong to."""

    def __init__(self, path):
        """RAISES: OSError, or ValueError if the file is not what the build generates."""
        with open(path, encoding="utf-8") as file:
            self.version, *rows = json.load(file)
        self.kinds = {row["id"]: Kind(row["id"], row["severity"], row["title"], row["hint"], order)
                      for order, row in enumerate(rows)}

    def add(self, name, severity, title, hint):
        """Adds a kind that another program finds."""
        self.kinds[name] = Kind(name, severity, title, hint, len(self.kinds))

    def kind(self, name):
        """RETURNS: the Kind.  One that the table lacks, from a newer tool, counts as a bug, so that it is
        not missed."""
        if name not in self.kinds:
            self.kinds[name] = Kind(name, "bug", name, "", len(self.kinds))
        return self.kinds[name]
