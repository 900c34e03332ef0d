# SPDX-License-Identifier: GPL-2.0-or-later
"""PMDK's examples behave under the tool as they do without it, and have no findings.

They are built from the sources that Debian's -dev packages install, as example_table.py says.
"""

import os
import re
import shlex
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from example_table import EXAMPLES, LEFT_OUT, STAND_INS

from harness import place, run

DOC = Path("/usr/share/doc")
ENV = {"PMEM_IS_PMEM_FORCE": "1", "PMEMOBJ_CONF": "sds.at_create=0"}

# A stack has many frames of libpmemobj, which has no symbols, above those of the program.
DEEP = ["--num-callers=40"]

# time() that returns the same on every run, for programs that seed random numbers with it.
FROZEN_TIME = "#include <time.h>\ntime_t time(time_t *p) { if (p) *p = 1; return 1; }\n"


class Workshop:
    """Builds each program once, and runs the examples."""

    def __init__(self, directory):
        self.here = directory
        self.programs = {}  # (package, sources) -> future of the program
        for name, text in STAND_INS.items():
            (self.here / name).write_text(text)
        (self.here / "time.c").write_text(FROZEN_TIME)
        self.time = self.here / "time.so"
        self._compile("-shared", "-fPIC", "-o", self.time, self.here / "time.c")

    def _compile(self, *arguments):
        done = run.execute([*shlex.split(place.CC), *arguments], self.here)
        if done.status != 0:
            raise run.BuildFailed(str(done))

    def build(self, example, pool):
        """Starts to build the programs of `example`."""
        for sources, _ in example.programs:
            key = (example.package, sources)
            if key not in self.programs:
                program = self.here / f"program{len(self.programs)}"
                self.programs[key] = pool.submit(self._build, example, sources, program)

    def _build(self, example, sources, program):
        root = DOC / example.package / "examples"
        files = [self.here / s if s in STAND_INS else root / s for s in sources.split()]
        if example.replace:
            text = files[0].read_text()
            for before, after in example.replace:
                assert before in text, f"{files[0]} has no {before}"
                text = text.replace(before, after)
            files[0] = program.with_suffix(".c")
            files[0].write_text(text)
        self._compile("-w", "-g", *example.cflags.split(), f"-I{self.here}",
                      *(f"-I{root / d}" for d in example.includes.split()), "-o", program, *files,
                      *(f"-l{lib}" for lib in example.libs.split()))
        return program

    def run(self, example, directory):
        """RETURNS: (run without the tool, run under the tool) for each run."""
        env = {**ENV, "LD_PRELOAD": str(self.time)}
        native, tool = directory / "native", directory / "tool"
        for place_of_run in (native, tool):
            place_of_run.mkdir(parents=True)
            for file, content in example.files.items():
                with open(place_of_run / file, "w") as f:
                    f.write(content) if isinstance(content, str) else f.truncate(content)
        pairs = []
        for sources, runs in example.programs:
            program = self.programs[example.package, sources].result()
            for argv, stdin in runs:
                pairs.append((run.execute([program, *argv], native, stdin, **env),
                              run.under_valgrind([program, *argv], tool, stdin=stdin,
                                                 options=DEEP, **env)))
        shutil.rmtree(directory)  # pools are large
        return pairs


@pytest.fixture(scope="session")
def outcomes(request, tmp_path_factory):
    """RETURNS: {name: future of its runs} for the examples of this session, run on all processors."""
    here = tmp_path_factory.mktemp("pmdk")
    workshop = Workshop(here)
    names = [item.callspec.params["name"] for item in request.session.items
             if getattr(item, "function", None) is test_a_pmdk_example_runs_as_without_the_tool]
    there = [n for n in names if (DOC / EXAMPLES[n].package / "examples").is_dir()]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for name in there:
            workshop.build(EXAMPLES[name], pool)
        # Runs are submitted after all builds: a run may wait for a build, but no build for a run.
        yield {name: pool.submit(workshop.run, EXAMPLES[name], here / name) for name in there}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_pmdk_example_runs_as_without_the_tool(outcomes, name):
    example = EXAMPLES[name]
    if name not in outcomes:
        pytest.skip(f"{example.package} is not installed with its examples")
    for alone, under in outcomes[name].result():
        assert alone.status >= 0, f"the example fails without the tool: {alone}"
        assert said(under, example) == said(alone, example), under
        log = under.parsed()
        assert log.messages == []
        for kind, entries in log.reports[-1].entries.items():
            expected = example.leaves.get(kind, r"^$")
            assert [str(e) for e in entries if not re.search(expected, str(e))] == [], under


def said(done, example):
    """RETURNS: the status and output of a run, without what differs from run to run."""
    same = [re.sub(example.vary, "#", text) if example.vary else text
            for text in (done.stdout, done.stderr)]
    return (done.status, *same)


def test_every_example_is_run_or_left_out_for_a_reason():
    known = set(LEFT_OUT)
    for example in EXAMPLES.values():
        for sources, _ in example.programs:
            known.update(sources.split())
    for package in ("libpmem-dev", "libpmem2-dev", "libpmemobj-dev"):
        root = DOC / package / "examples"
        if not root.is_dir():
            pytest.skip(f"{package} is not installed with its examples")
        there = {str(path.relative_to(root)) for path in root.rglob("*.c")}
        assert there - known == set()
