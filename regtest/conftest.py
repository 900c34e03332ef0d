# SPDX-License-Identifier: GPL-2.0-or-later
"""Collects the guests under cases/ as tests, and provides fixtures that run programs.

Guests do not depend on each other, so they start to run as soon as all are collected, on all
processors.  The test of a guest waits for its run and checks it.
"""

import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from harness import case, place, run

CASES = Path(__file__).resolve().parent / "cases"
ROOT = pytest.StashKey[Path]()
POOL = pytest.StashKey[ThreadPoolExecutor]()


def pytest_configure(config):
    missing = place.what_is_missing()
    if missing and not config.option.help:
        pytest.exit("; ".join(missing), returncode=2)
    config.stash[ROOT] = Path(tempfile.mkdtemp(prefix="pmemcheck-regtest-"))
    config.stash[POOL] = ThreadPoolExecutor(os.cpu_count() or 1)


def pytest_unconfigure(config):
    if POOL in config.stash:
        config.stash[POOL].shutdown(cancel_futures=True)
        shutil.rmtree(config.stash[ROOT], ignore_errors=True)


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".c" and CASES in file_path.resolve().parents:
        return GuestFile.from_parent(parent, path=file_path)
    return None


def pytest_collection_finish(session):
    if session.config.option.collectonly:
        return
    for number, item in enumerate(i for i in session.items if isinstance(i, GuestItem)):
        item.start(session.config.stash[POOL], session.config.stash[ROOT] / str(number))


class GuestFile(pytest.File):
    def collect(self):
        yield GuestItem.from_parent(self, name=self.path.stem)
        if case.Case(self.path).can_be_found():
            yield GuestItem.from_parent(self, name=f"{self.path.stem}[found]", found=True)


class Unexpected(Exception):
    pass


class GuestItem(pytest.Item):
    """One guest.  Its node id is the path of the file, followed by the name of the case."""

    def __init__(self, *, found=False, **rest):
        super().__init__(**rest)
        self.found = found

    def start(self, pool, directory):
        self.future = pool.submit(self._run, directory)

    def _run(self, directory):
        directory.mkdir()
        guest = case.Case(self.path)
        return guest, guest.run(directory, self.found)

    def runtest(self):
        guest, done = self.future.result()
        wrong = guest.complaints(done)
        if wrong:
            raise Unexpected("\n".join([*wrong, "", str(done)]))

    def repr_failure(self, excinfo, style=None):
        if isinstance(excinfo.value, (Unexpected, case.BadCase, run.BuildFailed)):
            return f"{self.path}:\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        return self.path, 0, self.name


@pytest.fixture
def pmemcheck(tmp_path):
    """Runs argv under the tool, in the directory of the test.  RETURNS: a run.Run."""

    def under_tool(argv, **how):
        return run.under_valgrind(argv, tmp_path, **how)

    return under_tool


@pytest.fixture
def native(tmp_path):
    """Runs argv without the tool, in the directory of the test.  RETURNS: a run.Run."""

    def alone(argv, stdin="", **env):
        return run.execute(argv, tmp_path, stdin, **env)

    return alone


@pytest.fixture
def guest(tmp_path):
    """Builds a guest from C text.  RETURNS: the path of the program."""

    def make(text, name="guest", **how):
        source = tmp_path / f"{name}.c"
        source.write_text(text)
        return run.build(source, tmp_path / name, **how)

    return make
