# SPDX-License-Identifier: GPL-2.0-or-later
"""Failures that pmemcheck-explore found, in the outputs of pmemcheck-report."""

import json

import pytest

FAILURE = {
    "id": "p1-1.0", "point": 1, "images": 3, "verdict": "exit status 1",
    "before": {"kind": "fence", "thread": 1,
               "stack": ["0x4853C30: ??? (in /usr/lib/libpmem.so.1)", "0x1093F7: append (log.c:27)"]},
    "kept": [{"file": "/mnt/pool", "offset": 0, "bytes": 8, "thread": 1, "non_temporal": False,
              "flushed": True, "names": ["log"],
              "stack": ["0x1093E4: append (log.c:26)", "0x109520: main (log.c:45)"]}],
    "lost": [{"file": "/mnt/pool", "offset": 64, "bytes": 1, "thread": 1, "non_temporal": False,
              "flushed": False, "names": [], "stack": ["0x1093D4: put<a, b(c)> (log.c:25)"]}],
    "output": ""}
EXPLORED = {"tool": "pmemcheck-explore", "version": "1.0", "trace": "run.trace", "whole": True,
            "share": 1, "shares": 1, "coverage": {}, "failed_images": 3, "failures": [FAILURE]}


@pytest.fixture
def explored(xml):
    return lambda name="found.json", **changes: xml(json.dumps({**EXPLORED, **changes}), name)


def test_a_cause_of_failure_is_a_bug_at_the_store_that_is_lost(report, explored, tmp_path):
    done = report(explored(), "--json", "all.json")
    assert done.status == 1 and done.stderr == "", done
    finding, = json.loads((tmp_path / "all.json").read_text())["findings"]
    assert (finding["kind"], finding["severity"], finding["count"]) == ("CrashState", "bug", 3)
    assert finding["what"] == ("1 byte at 0x40 of /mnt/pool is lost, and the check fails: "
                               "exit status 1")
    assert [(f.get("fn"), f.get("line")) for f in finding["stack"]] == [("put<a, b(c)>", 25)]
    assert [(m["text"], [f.get("fn") for f in m["stack"]]) for m in finding["more"]] == [
        ("Kept: 8 bytes at 0x0 of /mnt/pool (log)", ["append", "main"]),
        ("The power fails before this fence", [None, "append"])]
    assert (finding["first"]["file"], finding["first"]["offset"]) == ("/mnt/pool", 64)


def test_every_output_has_explored_failures_and_findings_of_the_tool(report, explored, samples, tmp_path):
    outputs = [word for name in ("sarif", "junit", "html") for word in (f"--{name}", f"all.{name}")]
    done = report(explored(), samples / "clean.xml", *outputs)
    assert done.status == 1 and "Does not survive a power failure" in done.stdout, done
    result, = json.loads((tmp_path / "all.sarif").read_text())["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("CrashState", "error")
    assert "<failure" in (tmp_path / "all.junit").read_text()
    assert "CrashState" in (tmp_path / "all.html").read_text()


def test_an_exploration_without_failures_is_clean(report, explored):
    done = report(explored(failures=[]))
    assert done.status == 0 and "1 run: 0 bugs" in done.stdout, done


def test_a_failure_without_kept_or_lost_stores_is_at_its_barrier(report, explored):
    done = report(explored(failures=[{**FAILURE, "kept": [], "lost": []}]))
    assert done.status == 1 and "append (log.c:27)" in done.stdout, done


@pytest.mark.parametrize("text, wrong", [
    ('{"tool": "x"}', "names another tool"), ('{"tool"', "broken JSON"), ("{}", "names another tool"),
    ('{"tool": "pmemcheck-explore"}', "lacks something ('version')"),
    (json.dumps({**EXPLORED, "failures": [{}]}), "lacks something"),
    (json.dumps({**EXPLORED, "failures": 3}), "lacks something")])
def test_json_of_another_kind_is_named_with_its_line(report, xml, explored, text, wrong):
    done = report(xml(text, "bad.json"), explored())
    assert done.status == 2 and done.stderr.count("\n") == 1 and wrong in done.stderr, done
    assert "1 run: 1 bug" in done.stdout, done


def test_an_exploration_that_was_stopped_early_is_a_problem(report, explored):
    done = report(explored(whole=False))
    assert done.status == 2 and "stopped before it had checked everything" in done.stderr, done
    assert "CrashState" in done.stdout, done
