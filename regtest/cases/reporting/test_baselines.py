# SPDX-License-Identifier: GPL-2.0-or-later
"""--baseline: which findings are new, known or gone."""

import json

import pytest
from build_samples import error, frame, run


def at(line, fn="f", **how):
    return error(frames=[frame(fn, "a.c", line, dir="/src")], **how)


@pytest.fixture
def since(report, xml, tmp_path):
    """Reports `before`, and then `now` with that as baseline.  RETURNS: (Run, the JSON)."""

    def compare(before, now, *options):
        xml(run(*before), "before.xml")
        assert report("-q", "--json", "before.json", "before.xml").status in (0, 1)
        xml(run(*now), "now.xml")
        done = report("--json", "now.json", "--baseline", "before.json", *options, "now.xml")
        return done, json.loads((tmp_path / "now.json").read_text())

    return compare


def test_a_finding_of_the_baseline_is_not_new(since):
    done, now = since([at(1), at(2, "g")], [at(1), at(2, "g")])
    assert done.status == 0
    assert [found["new"] for found in now["findings"]] == [False, False]
    assert done.stdout.endswith("; 0 new, 2 known, 0 gone\n")


def test_a_finding_that_the_baseline_lacks_is_new(since):
    done, now = since([at(1)], [at(1), at(2, "g")])
    assert done.status == 1
    assert {found["at"]: found["new"] for found in now["findings"]} == {"f (a.c:1)": False,
                                                                        "g (a.c:2)": True}
    assert "[2] new bug: Store not made persistent" in done.stdout


def test_a_finding_of_the_baseline_that_no_run_has_is_gone(since):
    done, now = since([at(1), at(2, "g")], [at(1)])
    assert done.status == 0
    assert [one["at"] for one in now["baseline"]["gone"]] == ["g (a.c:2)"]
    assert "gone since the baseline: NotPersisted at g (a.c:2)\n" in done.stdout


def test_a_finding_that_moved_is_not_new(since):
    assert since([at(1)], [at(50)])[0].status == 0


def test_a_second_finding_in_a_function_is_new_at_its_new_line(since):
    done, now = since([at(10)], [at(5), at(10)])
    assert done.status == 1
    assert {found["at"]: found["new"] for found in now["findings"]} == {"f (a.c:5)": True,
                                                                        "f (a.c:10)": False}


def test_two_findings_whose_lines_moved_are_known_and_a_third_is_new(since):
    done, now = since([at(10), at(20)], [at(11), at(21), at(31)])
    assert sum(found["new"] for found in now["findings"]) == 1
    assert now["baseline"]["gone"] == []


def test_one_of_two_findings_in_a_function_is_gone(since):
    done, now = since([at(10), at(20)], [at(20)])
    assert done.status == 0
    assert [one["at"] for one in now["baseline"]["gone"]] == ["f (a.c:10)"]


def test_a_new_cost_does_not_fail_with_fail_on_bug(since):
    assert since([], [at(1, kind="UnnecessaryFlush")], "--fail-on=bug")[0].status == 0
    assert since([], [at(1, kind="Overwritten")], "--fail-on=risk")[0].status == 1


def test_a_report_made_with_a_baseline_can_be_a_baseline(since, report):
    since([at(1)], [at(1), at(2, "g")])
    assert report("-q", "--baseline", "now.json", "now.xml").status == 0


@pytest.mark.parametrize("text, said", [
    ("", ":1: not JSON"), ("{", ":1: not JSON"), ("[]", ": another kind of JSON"),
    ('{"version": 1}', ": another kind of JSON"),
    ('{"format": "pmemcheck-report", "version": 2}', ": version 2 of the format"),
    ('{"format": "pmemcheck-report", "version": 1}', ": incomplete"),
    ('{"format": "pmemcheck-report", "version": 1, "findings": [{"id": "x"}]}', ": incomplete"),
    ('{"format": "pmemcheck-report", "version": 1, "findings": 7}', ": incomplete"),
    ("[" * 100000, ": incomplete"), (b"\xff\xfe", ": incomplete"),
])
def test_an_unusable_baseline_is_named_and_the_findings_are_reported(report, xml, text, said):
    xml(text, "old.json")
    done = report("--baseline", "old.json", xml(run(at(1))))
    assert done.status == 2
    line, = done.stderr.splitlines()
    assert line.startswith(f"pmemcheck-report: old.json{said}")
    assert "want a file that pmemcheck-report --json wrote" in line
    assert "f (a.c:1)" in done.stdout


def test_a_missing_baseline_is_named(report, xml):
    done = report("--baseline", "none.json", xml(run()))
    assert done.status == 2
    assert "none.json: No such file or directory: want" in done.stderr
