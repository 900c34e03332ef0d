# SPDX-License-Identifier: GPL-2.0-or-later
"""table.py: the kinds of finding, as the build made them from pmemcheck/tables/findings.def."""

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
        """Sorts the worst first, and within a severity as the table does."""
        return SEVERITIES.index(self.severity), self.order


class Table:
    """The kinds, and the version of pmemcheck that they belong to."""

    def __init__(self, path):
        """RAISES: OSError, or ValueError where the file is not what the build makes."""
        with open(path, encoding="utf-8") as file:
            self.version, *rows = json.load(file)
        self.kinds = {row["id"]: Kind(row["id"], row["severity"], row["title"], row["hint"], order)
                      for order, row in enumerate(rows)}

    def add(self, name, severity, title, hint):
        """A kind that another program finds."""
        self.kinds[name] = Kind(name, severity, title, hint, len(self.kinds))

    def kind(self, name):
        """A kind that the table lacks is a newer tool's.  It counts as a bug, lest it be missed."""
        if name not in self.kinds:
            self.kinds[name] = Kind(name, "bug", name, "", len(self.kinds))
        return self.kinds[name]
