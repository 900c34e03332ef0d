# SPDX-License-Identifier: GPL-2.0-or-later
"""The text for the terminal, to the letter."""

from build_samples import error, run
from report_program import HERE


def test_the_text_of_the_samples_is_exact(report, samples):
    names = ["queue.4711.xml", "queue.4712.xml", "clean.xml", "newer.xml"]
    done = report(*names)
    assert done.stdout == (HERE / "samples" / "terminal.txt").read_text()
    assert done.stderr == ""


def test_the_text_without_findings_is_one_line(report, xml):
    assert report(xml(run())).stdout == "1 run: 0 bugs, 0 risks, 0 costs\n"


def test_only_the_first_of_many_runs_are_named(report, xml):
    paths = [xml(run(error(), pid=n + 1), f"{n}.xml") for n in range(10)]
    assert "    in: 0.xml (pid 1: ./app x), 1.xml (pid 2: ./app x), 2.xml (pid 3: ./app x), " \
        "3.xml (pid 4: ./app x), and 6 more runs\n" in report(*paths).stdout


def test_runs_of_many_directories_are_named_in_full(report, xml, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    xml(run(error()), "a/run.xml")
    xml(run(error()), "b/run.xml")
    assert "in: a/run.xml (pid 4711: ./app x), b/run.xml" in report("a/run.xml", "b/run.xml").stdout


def test_an_incomplete_run_is_named(report, xml):
    xml(run(error()).replace("</valgrindoutput>\n", ""))
    assert "\nrun.xml: the file is incomplete\n1 run: 1 bug" in report("run.xml").stdout
