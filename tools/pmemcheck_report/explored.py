# SPDX-License-Identifier: GPL-2.0-or-later
"""explored.py: the JSON file of one pmemcheck-explore -> a Run, and the Problem with it if there is one.

Each cause of failure is a finding: a store that a power failure can lose while it keeps another.  The
stack of the finding is that of the first lost store.  The other stores, and the barrier before which
the power fails, follow with their stacks.
"""

import json
import re

from .model import Finding, Frame, Problem, Run

KIND = "CrashState"  # only pmemcheck-explore finds it, so it has no row in the tool's table
TITLE = "Does not survive a power failure"
HINT = "flush what is lost, and fence, before the store that is kept"
WANTED = "want a file that pmemcheck-explore --json wrote"

_FRAME = re.compile(r"(?:(?P<ip>0x[0-9A-Fa-f]+): )?(?P<fn>.*?)"
                    r"(?: \((?P<file>[^()]+):(?P<line>\d+)\)| \(in (?P<obj>[^()]*)\))?")
_BARRIERS = {"fence": "before this fence", "clflush": "before this flush",
             "sync": "before this call", "store": "before this store", "end": "at the end of the run"}


def is_one(path):
    """RETURNS: whether the file can be read and begins like JSON."""
    try:
        with open(path, "rb") as file:
            return file.read(64).lstrip()[:1] == b"{"
    except OSError:
        return False


def read(path):
    """RETURNS: (Run, or None where nothing could be read; Problem, or None)."""
    try:
        with open(path, encoding="utf-8", errors="backslashreplace") as file:
            data = json.load(file)
        if data.get("tool") != "pmemcheck-explore":
            return None, Problem(path, 1, f"names another tool, or none: {WANTED}")
        run = Run(path, f"pmemcheck-explore {data['version']}", argv=[data["trace"]],
                  complete=bool(data["whole"]))
        run.findings = [_finding(failure) for failure in data["failures"]]
    except OSError as wrong:
        return None, Problem(path, 0, f"{wrong.strerror}: {WANTED}")
    except json.JSONDecodeError as wrong:
        return None, Problem(path, wrong.lineno, f"broken JSON ({wrong.msg}): {WANTED}")
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        return None, Problem(path, 1, f"lacks something ({wrong}): {WANTED}")
    if not run.complete:
        return run, Problem(path, 1, "the exploration was stopped before it had checked everything")
    return run, None


def _finding(failure):
    lost, kept, before = failure["lost"], failure["kept"], failure["before"]
    stores = [("Lost", store) for store in lost] + [("Kept", store) for store in kept]
    when = _BARRIERS.get(before["kind"], before["kind"])
    barrier = _stack(before["stack"])
    more = [(f"{word}: {_bytes(store)}", _stack(store["stack"])) for word, store in stores]
    more.append((f"The power fails {when}", barrier))
    first = (lost or kept or [{"file": "", "offset": 0, "bytes": 0, "names": []}])[0]
    stack = more.pop(0)[1] if stores else barrier
    what = (f"{_bytes(first)} {'is lost' if lost else 'is kept'}, and the check fails: "
            f"{failure['verdict']}")
    return Finding(KIND, what, stack, more, hint=HINT, file=first["file"], offset=first["offset"],
                   size=first["bytes"], count=failure["images"],
                   bytes=sum(store["bytes"] for store in lost))


def _bytes(store):
    names = "".join(f" ({name})" for name in store["names"])
    return (f"{store['bytes']} byte{'s' * (store['bytes'] != 1)} at {store['offset']:#x} of "
            f"{store['file']}{names}")


def _stack(lines):
    return tuple(_frame(line) for line in lines)


def _frame(line):
    found = _FRAME.fullmatch(line)
    name = found["fn"] if found["fn"] != "???" else ""
    return Frame(found["ip"] or "", found["obj"] or "", name, "", found["file"] or "",
                 int(found["line"] or 0))
