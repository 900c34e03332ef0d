# SPDX-License-Identifier: GPL-2.0-or-later
"""Names that would be markup, escapes or paths if they were not treated as text."""

import json
import random

import pytest
from build_samples import NAMES, error, frame, run
from lxml import etree
from report_program import HERE

from pmemcheck_report import jsonfile, junit, page, sarif, terminal


@pytest.fixture
def hostile(xml):
    return xml(run(*(error(what=name, frames=[frame(name, name + ".c", 7, dir=f"/tmp/{name}", obj=name)],
                           name=name, file=f"/pool {name}", offset=n)
                     for n, name in enumerate(NAMES)),
                   argv=("./app", *NAMES)), "ho & stile <x>.xml")


def test_the_json_has_hostile_names_unchanged(report, hostile):
    whole = json.loads(report("--json=-", hostile).stdout)
    assert sorted(found["stack"][0]["fn"] for found in whole["findings"]) == sorted(NAMES)
    assert whole["runs"][0]["argv"][1:] == NAMES


def test_the_junit_xml_has_hostile_names_unchanged(report, hostile):
    suites = etree.fromstring(report("--junit=-", hostile).stdout.encode())
    names = [case.get("name") for case in suites.iter("testcase")]
    assert all(any(name in one for one in names) for name in NAMES)


def test_the_sarif_escapes_hostile_paths(report, hostile):
    made = json.loads(report("--sarif=-", hostile).stdout)["runs"][0]
    uris = [artifact["location"]["uri"] for artifact in made["artifacts"]]
    assert "file:///tmp/a%20%26%20b/a%20%26%20b.c" in uris
    assert all(uri.isascii() and " " not in uri for uri in uris)


def test_the_terminal_gets_no_escape_sequences_from_names(report, hostile):
    text = report(hostile).stdout
    assert "\\u202eright to left" in text
    assert "\\x9b31mred" in text
    assert all(c.isprintable() or c == "\n" for c in text)
    assert "naïve 名前 🐍" in text


def test_hostile_names_add_no_script_to_the_page(report, hostile):
    page = report("--html=-", hostile).stdout
    assert page.count("<script") == page.count("</script>") == 2
    assert "@@" not in page.replace("@@data@@", "")
    assert "alert(1)" in page


def test_a_file_name_that_is_not_utf8_is_printed_escaped(report, tmp_path):
    name = b"bad\xff.xml"
    (tmp_path / name.decode("utf-8", "surrogateescape")).write_text(run(error()))
    for output in ("json", "junit", "sarif", "html"):
        done = report(f"--{output}=-", name.decode("utf-8", "surrogateescape"))
        assert done.status == 1, done
    assert report(name.decode("utf-8", "surrogateescape")).status == 1


def spoil(text, chance):
    """RETURNS: the bytes, some of them changed, removed or doubled."""
    text = bytearray(text)
    for _ in range(chance.randrange(1, 6)):
        at, length = chance.randrange(len(text)), chance.randrange(100)
        piece = text[at:at + length]
        text[at:at + length] = chance.choice([b"", piece * 2, bytes([chance.randrange(256)])])
    return bytes(text)


def test_randomly_damaged_files_never_crash_the_reader(gathered, xml):
    chance = random.Random(1)
    whole = [path.read_bytes() for path in sorted((HERE / "samples").glob("*.xml"))]
    for _ in range(300):
        report, sources = gathered(xml(spoil(chance.choice(whole), chance)))
        for output in (jsonfile, junit, page, sarif):
            assert output.write(report, sources)
        assert terminal.write(report, sources, True)
        assert report.problems or report.runs
