# SPDX-License-Identifier: GPL-2.0-or-later
"""The examples say what README.md and examples/README.md show: a reader who runs them sees the same."""

import re

import pytest

from harness import place, run

EXAMPLES = sorted((place.SOURCE / "examples").glob("*.c"))
PAGES = ["README.md", "examples/README.md"]


def story(text):
    """The lines of a report or a page's block, without what changes from run to run."""
    lines = [re.sub(r"^==\d+== ?", "== ", line).rstrip() for line in text.splitlines()]
    lines = [re.sub(r"0x[0-9A-Fa-f]+", "0x", line) for line in lines]
    return [re.sub(r"Using Valgrind-\S+|Command: .*", "", line) for line in lines]


def documented(example):
    """The blocks of the pages that show the output of this example."""
    blocks = []
    for page in PAGES:
        text = (place.SOURCE / page).read_text()
        for part in re.split(r"(?=\]\((?:examples/)?\d\d-)", text)[1:]:
            name = re.match(r"\]\((?:examples/)?([^)]+)\)", part)[1]
            block = re.search(r"^```\n(==.*?)^```", part, re.M | re.S)
            if name == example.name and block:
                blocks.append((page, block[1]))
    return blocks


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.stem)
def test_the_pages_show_what_the_example_prints(example, tmp_path):
    program = run.build(example, tmp_path / example.stem, libs=["pmem"])
    shown = run.execute(["sh", "-c", '"$@" 2>&1', "sh", place.COMMAND, program, "pool"],
                        tmp_path, PMEM_IS_PMEM_FORCE="1")
    assert shown.status == 0, shown
    blocks = documented(example)
    assert blocks, f"no page shows the output of {example.name}"
    printed = "\n".join(story(shown.stdout))
    for page, block in blocks:
        # The program's own words come where its buffer is flushed: they are compared apart.
        told = [line for line in story(block) if line.startswith("==")]
        said = [line for line in story(block) if not line.startswith("==")]
        reported = [line for line in printed.splitlines() if line.startswith("==")]
        assert "\n".join(told) in "\n".join(reported), f"{page} shows something else: {shown}"
        assert all(line in printed for line in said), f"{page} shows something else: {shown}"
