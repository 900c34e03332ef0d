# SPDX-License-Identifier: GPL-2.0-or-later
"""The JSON: it has the form that docs/report.md describes, and everything that the runs reported."""

import json
import re

import jsonschema
import pytest
from report_program import HERE

from harness import place

SCHEMA = json.loads((HERE / "report.schema.json").read_text())


@pytest.fixture
def whole(report, samples, tmp_path):
    """RETURNS: the JSON of all samples, with a baseline that one of them made."""
    report("-q", "--json", "old.json", samples / "newer.xml")
    names = ("queue.4711.xml", "queue.4712.xml", "memcheck.xml", "clean.xml")
    report("-q", "--json", "out.json", "--baseline", "old.json", *(samples / name for name in names))
    return json.loads((tmp_path / "out.json").read_text())


def test_the_json_fits_its_schema(whole):
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.Draft7Validator(SCHEMA).validate(whole)


def test_the_totals_of_the_json_are_the_sums_of_its_findings(whole):
    found = whole["findings"]
    assert whole["total"] == {
        "findings": len(found), "count": sum(f["count"] for f in found),
        "bytes": sum(f["bytes"] for f in found),
        **{s: sum(f["severity"] == s for f in found) for s in ("bug", "risk", "cost")}}
    for one in found:
        assert one["count"] == sum(r["count"] for r in one["runs"])


def test_a_finding_of_the_json_names_its_runs(whole):
    first = whole["findings"][0]
    assert first["at"] == "push (queue.c:11)"
    assert [whole["runs"][r["run"]]["pid"] for r in first["runs"]] == [4711, 4712]
    assert first["first"]["address"] == 0x5200040


def members(schema):
    """RETURNS: the names of all members that the schema allows."""
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []
    named = set(schema.get("properties", {})) if isinstance(schema, dict) else set()
    return named.union(*map(members, inner))


def test_docs_report_md_names_every_member_of_the_json():
    text = (place.SOURCE / "docs" / "report.md").read_text()
    assert [name for name in sorted(members(SCHEMA)) if not re.search(rf"\b{name}\b", text)] == []


def test_each_finding_of_the_json_has_its_own_line(report, samples):
    text = report("--json=-", samples / "queue.4711.xml").stdout
    assert sum('"kind": "' in line for line in text.splitlines()) == 4
