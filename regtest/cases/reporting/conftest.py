# SPDX-License-Identifier: GPL-2.0-or-later
"""Fixtures for the tests of pmemcheck-report: its package, its table, the built program, the samples."""

import sys

import pytest
from report_program import FINDINGS, HERE, PROGRAM

from harness import place, run

sys.path.insert(0, str(place.SOURCE / "tools"))

from pmemcheck_report import reader, source, table  # noqa: E402
from pmemcheck_report.model import Report  # noqa: E402


@pytest.fixture
def kinds():
    return table.Table(FINDINGS)


@pytest.fixture
def report(tmp_path):
    """Runs the built program in a directory of the test's own.  RETURNS: a run.Run."""

    def execute(*arguments, **env):
        return run.execute([PROGRAM, *arguments], tmp_path, **env)

    return execute


@pytest.fixture
def xml(tmp_path):
    """Writes text, or bytes, into a file.  RETURNS: its path."""

    def write(text, name="run.xml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


@pytest.fixture
def samples(tmp_path):
    """The samples, in the test's directory, with the src/ that their stacks refer to."""
    (tmp_path / "src").mkdir()
    # Under its own name it would be collected as a guest.
    (tmp_path / "src" / "queue.c").write_text((HERE / "samples" / "queue.c.txt").read_text())
    for path in (HERE / "samples").glob("*.xml"):
        text = path.read_text().replace("@SRC@", str(tmp_path / "src"))
        (tmp_path / path.name).write_text(text)
    return tmp_path


@pytest.fixture
def gathered(kinds, tmp_path):
    """Reads files.  RETURNS: (Report, Sources)."""

    def gather(*paths):
        done = [reader.read(str(path)) for path in paths]
        return (Report(kinds, [run for run, _ in done if run], [wrong for _, wrong in done if wrong]),
                source.Sources(tmp_path))

    return gather
