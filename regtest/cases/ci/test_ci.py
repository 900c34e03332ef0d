# SPDX-License-Identifier: GPL-2.0-or-later
"""The jobs that docs/ci.md shows for CI services: their steps run in a shell, as the services run
them, in a project with a bug and in the same project without it.

The step that installs pmemcheck does not run, because pmemcheck is there."""

import json
import os
import re
import shutil
import subprocess

import pytest
import yaml

from harness import place, run

PAGE = (place.SOURCE / "docs/ci.md").read_text()

# The one test of the project persists a counter, or forgets to.
SOURCE = """
#include <libpmem.h>
#include <stdio.h>
static inline void forget(void* p, size_t n) { (void)p, (void)n; }
int main(void) {
  remove("counter");
  int* counter = pmem_map_file("counter", 4096, PMEM_FILE_CREATE, 0600, NULL, NULL);
  if (counter == NULL) return 1;
  (*counter)++;
  PERSIST(counter, sizeof *counter);
  return 0;
}
"""
MAKEFILE = """
all: count
check: count
\t./count
count: count.c
\t{cc} -g -DPERSIST={persist} -o $@ count.c -lpmem
"""


def block(heading, language):
    """RETURNS: the first block of this language in the section."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.search(rf"(?ms)^```{language}\n(.*?)^```", section)[1]


GITHUB = yaml.safe_load(block("GitHub Actions", "yaml"))["jobs"]["pmemcheck"]
GITLAB = yaml.safe_load(block("GitLab CI", "yaml"))["pmemcheck"]


class Project:
    """A checkout on a CI machine where pmemcheck is installed."""

    def __init__(self, directory, persist):
        self.directory = directory
        (directory / "bin").mkdir()
        (directory / "count.c").write_text(SOURCE)
        (directory / "Makefile").write_text(MAKEFILE.format(cc=place.CC, persist=persist))
        for name in ("pmemcheck", "pmemcheck-report"):
            (directory / "bin" / name).symlink_to(place.BUILD / "bin" / name)
        valgrind = os.path.dirname(shutil.which(place.VALGRIND))
        # With VALGRIND_LIB, valgrind finds the tool as if it were installed.
        self.environment = run.environment(
            directory, VALGRIND_LIB=str(place.VALGRIND_LIB), PMEM_IS_PMEM_FORCE="1",
            PATH=f"{directory / 'bin'}:{valgrind}:{os.environ['PATH']}")

    def shell(self, script):
        """Runs a step as the services do: the first command that fails ends the step."""
        return subprocess.run(["bash", "-e", "-c", script], cwd=self.directory, text=True,
                              env=self.environment, capture_output=True)


@pytest.fixture
def project(tmp_path):
    return lambda persist: Project(tmp_path, persist)


WITH_BUG, RIGHT = "forget", "pmem_persist"
both_projects = pytest.mark.parametrize("persist, status", [(WITH_BUG, 1), (RIGHT, 0)],
                                        ids=["with the bug", "without it"])


@both_projects
def test_the_github_actions_job_of_the_page_fails_only_for_the_project_with_a_bug(project, persist, status):
    here = project(persist)
    steps = {step["name"]: step for step in GITHUB["steps"] if "run" in step}
    assert list(steps) == ["Install pmemcheck", "Test under pmemcheck", "Report"]
    tested = here.shell(steps["Test under pmemcheck"]["run"])
    assert tested.returncode == 0, tested
    reported = here.shell(steps["Report"]["run"])
    assert reported.returncode == status, reported
    uploaded = [step["with"]["sarif_file"] for step in GITHUB["steps"]
                if "sarif" in str(step.get("uses"))]
    results = json.loads((here.directory / uploaded[0]).read_text())["runs"][0]["results"]
    assert ("count.c" in str(results)) == (status == 1)
    assert (here.directory / "pmemcheck.html").stat().st_size > 0


@both_projects
def test_the_gitlab_job_of_the_page_fails_only_for_the_project_with_a_bug(project, persist, status):
    here = project(persist)
    done = here.shell("\n".join(GITLAB["script"]))
    assert done.returncode == status, done
    results = (here.directory / GITLAB["artifacts"]["reports"]["junit"]).read_text()
    assert ("<failure" in results) == (status == 1), results
    assert all((here.directory / path).is_file() for path in GITLAB["artifacts"]["paths"])


def test_a_baseline_accepts_known_findings_and_rejects_new_ones(project):
    here = project(WITH_BUG)
    test = "\n".join(GITLAB["script"][:3])
    here.shell(test)
    section = PAGE.split("\n## A project that has findings already\n")[1]
    take, compare = re.findall(r"(?ms)^```sh\n(.*?)^```", section)[:2]
    assert here.shell("git init -q . && " + take).returncode == 0
    assert here.shell(compare).returncode == 0
    more = SOURCE.replace("(*counter)++;", "(*counter)++; more(counter);")
    more = more.replace("int main", "static void more(int* p) { p[1] = 1; }\nint main")
    (here.directory / "count.c").write_text(more)
    here.shell("rm -r pmemcheck-out\n" + test)
    assert here.shell(compare).returncode == 1


def test_a_finding_fails_the_step_without_xml(project):
    here = project(WITH_BUG)
    assert here.shell("make count && cp count app").returncode == 0
    assert here.shell(block("Without XML", "sh")).returncode == 99
