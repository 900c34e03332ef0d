# SPDX-License-Identifier: GPL-2.0-or-later
"""The output that the pages show is what the examples and the regression cases print.

The pages of docs/ name every option and client request, and their links have targets."""

import re
from pathlib import Path

import pytest

from harness import case, place, run

EXAMPLES = sorted((place.SOURCE / "examples").glob("*.c"))
PAGES = ["README.md", "examples/README.md", "docs/manual.md"]


def story(text):
    """RETURNS: the lines of a report or a block of a page, without what differs from run to run."""
    lines = [re.sub(r"^==\d+== ?", "== ", line).rstrip() for line in text.splitlines()]
    lines = [re.sub(r"0x[0-9A-Fa-f]+", "0x", line) for line in lines]
    lines = [re.sub(r" of /\S*/pool", " of pool", line) for line in lines]
    return [re.sub(r"Using Valgrind-\S+|Command: .*", "", line) for line in lines]


def documented(example):
    """RETURNS: (page, block) for each block that shows the output of this example."""
    blocks = []
    for page in PAGES:
        text = (place.SOURCE / page).read_text()
        for part in re.split(r"(?=\]\((?:\.\./)?(?:examples/)?\d\d-)", text)[1:]:
            name = re.match(r"\]\((?:\.\./)?(?:examples/)?([^)]+)\)", part)[1]
            block = re.search(r"^```\n(==.*?)^```", part.split("\n#")[0], re.M | re.S)
            if name == example.name and block:
                blocks.append((page, block[1]))
    return blocks


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.stem)
def test_the_pages_show_what_the_example_prints(example, tmp_path):
    # As the pages say: with libpmem and its variable, or without annotations and with --pmem-file.
    uses_libpmem = "<libpmem.h>" in example.read_text()
    program = run.build(example, tmp_path / example.stem, libs=["pmem"] if uses_libpmem else [])
    options = [] if uses_libpmem else [f"--pmem-file={tmp_path}/pool"]
    options += ["--explain=yes"] if "NAME_RANGE" in example.read_text() else []
    shown = run.execute(["sh", "-c", '"$@" 2>&1', "sh", place.COMMAND, *options, program, "pool"],
                        tmp_path, PMEM_IS_PMEM_FORCE="1")
    assert shown.status == 0, shown
    blocks = documented(example)
    assert blocks, f"no page shows the output of {example.name}"
    printed = "\n".join(story(shown.stdout))
    for page, block in blocks:
        # The program's own output appears when its buffer is flushed, so it is compared separately.
        shown_report = [line for line in story(block) if line.startswith("==")]
        shown_output = [line for line in story(block) if not line.startswith("==")]
        reported = [line for line in printed.splitlines() if line.startswith("==")]
        assert "\n".join(shown_report) in "\n".join(reported), f"{page} shows something else: {shown}"
        assert all(line in printed for line in shown_output), f"{page} shows something else: {shown}"


DOCS = sorted((place.SOURCE / "docs").glob("*.md"))
CASE = r"\]\(\.\./regtest/cases/([^)]+\.c)\)"
LINK = re.compile(r"\]\(([^)#:\s]*)(?:#([^)]*))?\)")


def shown_cases():
    """Yields (page, case, block) for each block of a log in docs/ that follows a link to a case."""
    for page in DOCS:
        parts = re.split(rf"(?=\[[^\]]*{CASE})", page.read_text())
        # re.split gives the text of the link's group before the part that follows the link.
        for name, part in zip(parts[1::2], parts[2::2]):
            for block in re.findall(r"^```\n(==.*?)^```", part.split("\n#")[0], re.M | re.S):
                yield page.name, name, block


def essential(text, name):
    """RETURNS: the lines of a log that do not depend on the C library: without frames outside the case,
    and without the locked instructions that run before main."""
    lines = [re.sub(r"START(\|FENCE)*", "START", line) for line in story(text)]
    of_the_case = f"({Path(name).name}:"
    return "\n".join(line for line in lines
                     if not re.search(r" (at|by) 0x: ", line) or of_the_case in line)


@pytest.mark.parametrize("page,name,block", [
    pytest.param(*shown, id=f"{shown[0]} {shown[1]}") for shown in shown_cases()])
def test_the_docs_show_what_the_case_prints(page, name, block, tmp_path):
    log = case.Case(place.SOURCE / "regtest" / "cases" / name).run(tmp_path).log
    assert essential(block, name) in essential(log, name), f"{page} shows something else: {log}"


def anchors(text):
    """RETURNS: the anchors of the headings of a page."""
    heads = re.findall(r"^#+ (.*)", text, re.M)
    return ({re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
            | set(re.findall(r'<a id="([^"]+)">', text)))


@pytest.mark.parametrize("page", DOCS, ids=lambda p: p.name)
def test_every_link_of_the_page_has_a_target(page):
    for target, anchor in LINK.findall(page.read_text()):
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(path.read_text()), f"{page.name}: {target}#{anchor}"


def test_the_manual_has_every_option_with_its_default():
    table = (place.SOURCE / "pmemcheck" / "tables" / "options.def").read_text()
    rows = re.findall(r'PM_OPTION_(?:BOOL|INT)\(\w+, \w+, "(--[a-z-]+)", (\w+)', table)
    rows += re.findall(r'PM_OPTION_CHOICE\(\w+, \w+, "(--[a-z-]+)", \w+, (\w+)', table)
    rows += [(name, "none") for name in re.findall(r'PM_OPTION_FILES?\(\w+, \w+, "(--[a-z-]+)"', table)]
    manual = (place.SOURCE / "docs" / "manual.md").read_text()
    documented_defaults = dict(re.findall(r"^\| `(--[a-z-]+)` \| [^|]+ \| (\w+) \|", manual, re.M))
    typed = {"true": "yes", "false": "no", "automatic": "auto"}
    assert documented_defaults == {name: typed.get(default, default) for name, default in rows}


def test_client_requests_has_every_macro_and_number():
    header = place.HEADER.read_text()
    text = (place.SOURCE / "docs" / "client-requests.md").read_text()
    for macro in re.findall(r"#define (VALGRIND_PMC_\w+(?:\([^)]*\))?)", header):
        assert f"`{macro}`" in text, macro
    for name, number in re.findall(r"VG_USERREQ__PMC_(\w+) = .*(0x[0-9a-f]+)", header):
        if not name.startswith("RESERVED"):
            assert re.search(rf"^\| {number} \| {name}\b", text, re.M), name
