# SPDX-License-Identifier: GPL-2.0-or-later
"""The examples whose order is wrong: found and explained; in the right order: silent.  And what their
page shows is what is printed."""

import re

import pytest

from harness import explored, place, run

EXAMPLES = ["05-linked-list", "06-append-log"]


def program(name, directory):
    return run.build(place.SOURCE / "examples" / f"{name}.c", directory / name, libs=["pmem"])


def explore(name, directory, *mode):
    """Records the example and explores it.  RETURNS: a run.Run."""
    built = program(name, directory)
    done = run.execute([place.COMMAND, "--trace=run.trace", built, "pool", *mode], directory,
                       PMEM_IS_PMEM_FORCE="1")
    assert done.status == 0 and "ERROR SUMMARY: 0 errors" in done.stderr, done
    return explored.explore(directory, "run.trace", "--check", f"{built} {{}} check")


def line_of(name, text):
    lines = (place.SOURCE / "examples" / f"{name}.c").read_text().splitlines()
    (number,) = [i for i, line in enumerate(lines, 1) if text in line]
    return f"({name}.c:{number})"


def test_the_list_is_published_before_its_node_is_durable(tmp_path):
    told = explored.report(explore("05-linked-list", tmp_path))
    (cause,) = told.causes
    (kept,), (lost,) = cause.places("kept"), cause.places("lost")
    assert line_of("05-linked-list", "list->head = number;") in kept[0]
    assert line_of("05-linked-list", "node->value = value;") in lost[0]
    assert any("hint: nothing orders them" in line for line in cause.lines)
    assert told.strength == f"every state at {told.points} points"


def test_the_logs_length_may_be_durable_before_its_record(tmp_path):
    told = explored.report(explore("06-append-log", tmp_path))
    for cause in told.causes:
        (kept,), (lost,) = cause.places("kept"), cause.places("lost")
        assert line_of("06-append-log", "log->bytes += bytes;") in kept[0]
        assert any(line_of("06-append-log", "memcpy(log->text") in frame for frame in lost)


@pytest.mark.parametrize("name", EXAMPLES)
def test_in_the_right_order_every_image_is_consistent(tmp_path, name):
    told = explored.report(explore(name, tmp_path, "right"))
    assert told.failed == 0 and told.checked > 5


def essential(text):
    """Without what differs from machine to machine: addresses, paths, frames of libraries, counts
    that depend on how a copy is made."""
    lines = [line for line in text.splitlines()
             if not re.search(r" (at|by) 0x\w+: ", line) or re.search(r"\(0[56]-[\w-]+\.c:\d+\)", line)]
    return [re.sub(r"0x\w+: |/\S*/(?=pool)|\d+ bytes? at 0x\w+|^(looked|states|images|strength).*", "", line)
            for line in lines]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_shows_what_is_printed(tmp_path, name):
    page = (place.SOURCE / "examples" / "README.md").read_text()
    part = page[page.index(f"]({name}.c)"):].split("\n## ")[0]
    (block,) = re.findall(r"^```\n(pmemcheck-explore .*?)^```", part, re.M | re.S)
    printed = explore(name, tmp_path).stdout
    first = printed.split("\n\n[1]")[0].rstrip() + "\n"
    assert essential(block) == essential(first), printed
