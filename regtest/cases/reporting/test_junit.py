# SPDX-License-Identifier: GPL-2.0-or-later
"""JUnit XML: valid, with the right numbers of passed and failed testcases."""

import pytest
from build_samples import error, frame, run
from report_program import HERE
from lxml import etree

RELAX_NG = etree.RelaxNG(etree.parse(str(HERE / "junit.rng")))


@pytest.fixture
def junit(report, tmp_path):
    """Runs the program, checks the schema and the counts.  RETURNS: the <testsuites>."""

    def make(*arguments):
        report("-q", "--junit", "out.xml_", *arguments)
        suites = etree.parse(str(tmp_path / "out.xml_"))
        RELAX_NG.assertValid(suites)
        for counted in suites.iter("testsuites", "testsuite"):
            for name, path in (("tests", ""), ("failures", "/failure"), ("errors", "/error"),
                               ("skipped", "/skipped")):
                assert int(counted.get(name)) == len(counted.findall(f".//testcase{path}"))
        return suites.getroot()

    return make


def test_each_run_is_a_suite_and_each_bug_or_risk_a_failure(junit, samples):
    suites = junit(*sorted(str(p) for p in samples.glob("queue.*.xml")), samples / "clean.xml")
    assert [suite.get("name") for suite in suites] == ["queue.4711.xml", "queue.4712.xml", "clean.xml"]
    assert [suite.get("failures") for suite in suites] == ["3", "4", "0"]
    failure = suites.find(".//failure")
    assert failure.get("type") == "NotPersisted"
    assert "at push (queue.c:11)" in failure.text
    assert "The first fence after it was here" in failure.text
    assert failure.getparent().get("name") == "Store not made persistent: push (queue.c:11)"


def test_a_clean_run_is_one_passed_testcase(junit, xml):
    case, = junit(xml(run())).iter("testcase")
    assert len(case) == 0


def test_costs_fail_no_testcase_and_are_in_system_out(junit, xml):
    suite, = junit(xml(run(error(kind="UnnecessaryFlush"), error(kind="RedundantFlush"))))
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")
    assert "Flush of nothing (1 time)" in suite.findtext("system-out")


def test_an_incomplete_run_is_an_error(junit, xml):
    text = run(error())
    suites = junit(xml(text[:text.index("<pmem>")], "cut.xml"), xml("", "empty.xml"))
    cut, empty = suites
    assert (cut.get("errors"), cut.get("failures")) == ("1", "1")
    assert "ends inside <valgrindoutput>" in cut.find(".//error").get("message")
    assert (empty.get("tests"), empty.get("errors")) == ("1", "1")


def test_a_run_that_a_signal_ended_is_an_error(junit, samples):
    assert "ended by SIGSEGV" in junit(samples / "queue.4712.xml").find(".//error").get("message")


def test_testcases_that_differ_only_in_callers_have_different_names(junit, xml):
    def called_by(line):
        return error(frames=[frame("put", "a.c", 7), frame("main", "a.c", line)])
    suite, = junit(xml(run(called_by(1), called_by(2))))
    assert [case.get("name") for case in suite.iter("testcase")] == [
        "Store not made persistent: put (a.c:7)", "Store not made persistent: put (a.c:7), 2"]


def test_findings_of_the_baseline_are_skipped_testcases(junit, report, xml):
    report("-q", "--json", "old.json", xml(run(error())))
    suite, = junit("--baseline", "old.json", xml(run(error(), error(kind="Overwritten"))))
    assert (suite.get("skipped"), suite.get("failures")) == ("1", "1")
