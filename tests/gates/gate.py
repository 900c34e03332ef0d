# SPDX-License-Identifier: GPL-2.0-or-later
"""gate.py: common code of the gates.

A gate is a check of the tree that `make check` runs.  It prints each violation as FILE:LINE: TEXT and
exits with status 1 if there is one.  A broken gate would be silent, so each gate first plants
violations in a temporary tree and must find them all; with --self-test it does only that.
"""
import os
import pathlib
import sys
import tempfile


class Findings:
    """Violations, one line each."""

    def __init__(self):
        self.lines = []

    def add(self, path, line, text):
        self.lines.append(f"{path}:{line}: {text}")


def files_below(root, folders, suffixes):
    """RETURNS: the files below these folders with these suffixes, relative to root, sorted."""
    found = []
    for folder in folders:
        for path in (root / folder).rglob("*"):
            if path.suffix in suffixes and path.is_file():
                found.append(path.relative_to(root))
    return sorted(found)


class Plant:
    """A small temporary tree for a self-test."""

    def __init__(self, root):
        self.root = pathlib.Path(root)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def remove(self, path):
        (self.root / path).unlink()


def expect(what, lines, *wanted):
    """Exits unless the sorted lines begin with the wanted ones, one by one."""
    if len(lines) == len(wanted) and all(a.startswith(b) for a, b in zip(sorted(lines), wanted)):
        return
    found = "".join(f"  {line}\n" for line in sorted(lines)) or "  nothing\n"
    sys.exit(f"{sys.argv[0]}:1: self-test: {what}: found\n{found}and not\n"
             + "".join(f"  {line}...\n" for line in wanted))


def source_root():
    here = pathlib.Path(__file__).resolve().parents[2]
    return pathlib.Path(os.environ.get("PMEMCHECK_SOURCE", here))


def build_root():
    if "PMEMCHECK_BUILD" not in os.environ:
        sys.exit(f"{sys.argv[0]}:1: PMEMCHECK_BUILD is not set: run this with `make check`")
    return pathlib.Path(os.environ["PMEMCHECK_BUILD"])


def run(check, self_test):
    """Runs a gate: self_test(Plant) in a temporary tree, then check() -> Findings on our tree."""
    if sys.argv[1:] not in ([], ["--self-test"]):
        sys.exit(f"{sys.argv[0]}: {' '.join(sys.argv[1:])}: want --self-test, or nothing")
    with tempfile.TemporaryDirectory() as folder:
        self_test(Plant(folder))
    print("self-test: passed")
    if sys.argv[1:]:
        return
    findings = check()
    for line in findings.lines:
        print(line)
    if findings.lines:
        sys.exit(1)
    print("nothing found")
