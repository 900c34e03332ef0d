# SPDX-License-Identifier: GPL-2.0-or-later
"""SARIF: it fits a schema of ours, and its numbers and names are consistent."""

import json

import jsonschema
import pytest
from build_samples import error, frame, run, stack
from report_program import HERE

SCHEMA = json.loads((HERE / "sarif.schema.json").read_text())
LEVELS = {"bug": "error", "risk": "warning", "cost": "note"}


@pytest.fixture
def sarif(report, tmp_path):
    """Runs the program and checks the schema.  RETURNS: the only run of the SARIF."""

    def make(*arguments):
        report("-q", "--sarif", "out.sarif", *arguments)
        whole = json.loads((tmp_path / "out.sarif").read_text())
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        jsonschema.Draft7Validator(SCHEMA).validate(whole)
        made = whole["runs"][0]
        rules = made["tool"]["driver"]["rules"]
        for result in made["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for location in locations(made["results"]):
            artifact = made["artifacts"][location["index"]]["location"]
            assert artifact == {key: location[key] for key in location if key != "index"}
        return made

    return make


def locations(value):
    """RETURNS: every artifactLocation with an index, wherever it is."""
    if isinstance(value, list):
        return [found for one in value for found in locations(one)]
    if isinstance(value, dict):
        here = [value] if "index" in value and "uri" in value else []
        return here + [found for one in value.values() for found in locations(one)]
    return []


def test_every_kind_of_the_table_is_a_rule_with_help(sarif, xml, kinds):
    rules = sarif(xml(run()))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(kinds.kinds)
    for rule, kind in zip(rules, kinds.kinds.values()):
        assert kind.hint[1:] in rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] == LEVELS[kind.severity]


def test_results_of_all_kinds_have_their_level_and_place(sarif, samples):
    made = sarif(*sorted(str(p) for p in samples.glob("queue.*.xml")), samples / "newer.xml")
    assert {result["ruleId"]: result["level"] for result in made["results"]} == {
        "NotPersisted": "error", "OutsideTransaction": "error", "TornStore": "error",
        "TransactionOverlap": "warning", "ActiveTransaction": "warning", "Overwritten": "warning",
        "RedundantFlush": "note", "UnnecessaryFlush": "note"}
    first = made["results"][0]
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "src/queue.c"
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 11}
    assert first["occurrenceCount"] == 14
    assert "TornStore" in [rule["id"] for rule in made["tool"]["driver"]["rules"]]


def test_the_location_is_in_own_sources_below_library_frames(sarif, samples):
    results = sarif(samples / "queue.4712.xml")["results"]
    outside = next(r for r in results if r["ruleId"] == "OutsideTransaction")
    assert outside["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "push"
    assert len(outside["stacks"][0]["frames"]) == 3
    assert outside["stacks"][0]["frames"][0]["module"] == "libc.so.6"


def test_a_second_stack_is_a_related_location_a_stack_and_a_code_flow(sarif, samples):
    first = sarif(samples / "queue.4711.xml")["results"][0]
    related, = first["relatedLocations"]
    assert related["message"]["text"] == "The first fence after it was here"
    assert related["physicalLocation"]["region"]["startLine"] == 13
    assert len(first["stacks"]) == 2
    flow, = first["codeFlows"]
    steps = flow["threadFlows"][0]["locations"]
    assert [step["location"]["physicalLocation"]["region"]["startLine"] for step in steps] == [11, 13]


def test_files_below_the_root_are_relative_and_others_are_not(sarif, samples):
    root = samples / "src"
    made = sarif("--source-root", root, samples / "queue.4712.xml")
    uris = {artifact["location"]["uri"]: artifact["location"].get("uriBaseId")
            for artifact in made["artifacts"]}
    assert uris["queue.c"] == "SRCROOT"
    assert [base for uri, base in uris.items() if uri.startswith("file:///build/glibc")] == [None]
    assert made["originalUriBaseIds"]["SRCROOT"]["uri"] == root.as_uri() + "/"


def test_fingerprints_ignore_lines(sarif, xml):
    def fingerprint(line, dir):
        one = error(frames=[frame("f", "a.c", line, dir=dir)])
        return sarif(xml(run(one)))["results"][0]["partialFingerprints"]
    assert fingerprint(1, "/home/one") == fingerprint(7, "/ci/two")


def test_frames_without_any_information_give_valid_sarif(sarif, xml):
    bare = stack("    <frame>\n      <ip>0xFFFFFFFF12345678</ip>\n    </frame>\n",
                 "    <frame>\n    </frame>\n")
    result, = sarif(xml(run(error(frames=[]).replace("  <stack>\n  </stack>\n", bare))))["results"]
    assert result["stacks"][0]["frames"][0]["location"]["physicalLocation"]["address"] == {
        "absoluteAddress": 0xFFFFFFFF12345678}
    result, = sarif(xml(run(error(frames=[]).replace("  <stack>\n  </stack>\n", ""))))["results"]
    assert result["locations"] == []


def test_runs_and_problems_are_invocations(sarif, samples):
    made = sarif(*sorted(str(p) for p in samples.glob("*.xml")))
    calls = made["invocations"]
    assert [call["executionSuccessful"] for call in calls] == [True, True, True, False, False]
    assert calls[2]["commandLine"] == "./queue /mnt/pmem/queue 'two words'"
    assert calls[3]["exitSignalName"] == "SIGSEGV"
    assert "written by memcheck" in calls[4]["toolExecutionNotifications"][0]["message"]["text"]


def test_results_have_the_state_new_or_unchanged_with_a_baseline(sarif, report, samples):
    report("-q", "--json", "old.json", samples / "queue.4711.xml")
    made = sarif("--baseline", "old.json", samples / "queue.4711.xml", samples / "newer.xml")
    assert {r["ruleId"]: r["baselineState"] for r in made["results"]} == {
        "NotPersisted": "unchanged", "TornStore": "new", "RedundantFlush": "unchanged",
        "ActiveTransaction": "unchanged"}
