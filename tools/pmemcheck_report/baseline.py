# SPDX-License-Identifier: GPL-2.0-or-later
"""baseline.py: finds the groups that an earlier report (--json) had already.

A group is known if the baseline has its identity and place.  Groups of the same identity whose lines
have moved are matched with the rest of the baseline, one to one, so an additional one in a function is new.
"""

import json
from collections import Counter, defaultdict
from typing import NamedTuple

from . import jsonfile


class Known(NamedTuple):
    id: str
    place: str
    kind: str
    at: str


class Unusable(Exception):
    """A baseline that cannot be used.  Its argument is a message."""


def read(path):
    """RETURNS: the baseline's groups as Known.  RAISES: Unusable."""
    wanted = "want a file that pmemcheck-report --json wrote"
    try:
        with open(path, encoding="utf-8") as file:
            whole = json.load(file)
        if not isinstance(whole, dict) or whole.get("format") != jsonfile.FORMAT:
            raise Unusable(f"{path}: another kind of JSON: {wanted}")
        if whole.get("version") != jsonfile.VERSION:
            raise Unusable(f"{path}: version {whole.get('version')} of the format: {wanted}, "
                           f"version {jsonfile.VERSION}")
        return [Known(*(str(found[name]) for name in Known._fields)) for found in whole["findings"]]
    except OSError as wrong:
        raise Unusable(f"{path}: {wrong.strerror}: {wanted}") from None
    except json.JSONDecodeError as wrong:
        raise Unusable(f"{path}:{wrong.lineno}: not JSON ({wrong.msg}): {wanted}") from None
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise Unusable(f"{path}: incomplete ({wrong!r}): {wanted}") from None


def compare(report, path, known):
    """Sets `new` of the report's groups, and the report's `gone`."""
    report.baseline = path
    left = defaultdict(list)
    for one in known:
        left[one.id].append(one)
    moved = []
    for group in report.groups:
        here = next((one for one in left[group.id] if one.place == group.place), None)
        if here:
            left[group.id].remove(here)
            group.new = False
        else:
            moved.append(group)
    for group in moved:
        group.new = not left[group.id]
        if not group.new:
            left[group.id].pop(0)
    remaining = Counter(one for rest in left.values() for one in rest)
    report.gone = [one for one in known if remaining[one] > 0]
