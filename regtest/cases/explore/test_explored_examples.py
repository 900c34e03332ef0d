# SPDX-License-Identifier: GPL-2.0-or-later
"""The examples with a wrong order are found and explained, those with the right order are silent, and their page
shows what the programs print."""

import re

import pytest

from harness import explored, place, run

EXAMPLES = ["05-linked-list", "06-append-log"]


def program(name, directory):
    return run.build(place.SOURCE / "examples" / f"{name}.c", directory / name, libs=["pmem"])


def explore(name, directory, *mode):
    """Records the example and explores it.  RETURNS: the run.Run of the exploration."""
    built = program(name, directory)
    done = run.execute([place.COMMAND, "--trace=run.trace", built, "pool", *mode], directory,
                       PMEM_IS_PMEM_FORCE="1")
    assert done.status == 0 and "ERROR SUMMARY: 0 errors" in done.stderr, done
    return explored.explore(directory, "run.trace", "--check", f"{built} {{}} check")


def line_of(name, text):
    lines = (place.SOURCE / "examples" / f"{name}.c").read_text().splitlines()
    (number,) = [i for i, line in enumerate(lines, 1) if text in line]
    return f"({name}.c:{number})"


def test_the_list_that_is_published_before_its_node_is_explained(tmp_path):
    report = explored.report(explore("05-linked-list", tmp_path))
    (cause,) = report.causes
    (kept,), (lost,) = cause.places("kept"), cause.places("lost")
    assert line_of("05-linked-list", "list->head = number;") in kept[0]
    assert line_of("05-linked-list", "node->value = value;") in lost[0]
    assert any("hint: nothing orders these stores" in line for line in cause.lines)
    assert report.strength == f"every state at {report.points} points"


def test_the_log_whose_length_may_be_durable_before_its_record_is_explained(tmp_path):
    report = explored.report(explore("06-append-log", tmp_path))
    for cause in report.causes:
        (kept,), (lost,) = cause.places("kept"), cause.places("lost")
        assert line_of("06-append-log", "log->bytes += bytes;") in kept[0]
        assert any(line_of("06-append-log", "memcpy(log->text") in frame for frame in lost)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_image_of_an_example_in_the_right_order_is_consistent(tmp_path, name):
    report = explored.report(explore(name, tmp_path, "right"))
    assert report.failed == 0 and report.checked > 5


def essential(text):
    """RETURNS: the lines without what differs between machines: addresses, paths, frames of libraries, and
    counts that depend on how memcpy stores."""
    lines = [line for line in text.splitlines()
             if not re.search(r" (at|by) 0x\w+: ", line) or re.search(r"\(0[56]-[\w-]+\.c:\d+\)", line)]
    return [re.sub(r"0x\w+: |/\S*/(?=pool)|\d+ bytes? at 0x\w+|^(looked|states|images|strength).*", "", line)
            for line in lines]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_of_the_examples_shows_what_is_printed(tmp_path, name):
    page = (place.SOURCE / "examples" / "README.md").read_text()
    part = page[page.index(f"]({name}.c)"):].split("\n## ")[0]
    (block,) = re.findall(r"^```\n(pmemcheck-explore .*?)^```", part, re.M | re.S)
    printed = explore(name, tmp_path).stdout
    first = printed.split("\n\n[1]")[0].rstrip() + "\n"
    assert essential(block) == essential(first), printed
