# SPDX-License-Identifier: GPL-2.0-or-later
"""The data in the page: the lines of pools that have findings, and the source lines."""

import random

from build_samples import error, frame, mapping, run

from pmemcheck_report import page, poolmap


def drawn(report):
    return {pool.name: pool.spans() for pool in poolmap.pools(report)}


def test_spans_of_random_marks_equal_marking_line_by_line():
    chance = random.Random(1)
    for _ in range(300):
        pool = poolmap.Pool("/p", None, None)
        lines = {}
        for number in range(chance.randrange(12)):
            start, size = chance.randrange(1500), chance.randrange(400)
            pool.add(start, size, chance.choice("DF"), number)
            for line in range(start // 64, (start + max(size, 1) - 1) // 64 + 1):
                lines.setdefault(line, list(pool.marks[-1][3:]))
        spans = pool.spans()
        assert {line: span[2:] for span in spans for line in range(span[0], sum(span[:2]))} == lines
        for one, next_one in zip(spans, spans[1:]):
            assert sum(one[:2]) <= next_one[0]
            assert sum(one[:2]) < next_one[0] or one[2:] != next_one[2:]


def test_runs_that_map_one_file_share_a_pool(gathered, xml):
    report, _ = gathered(
        xml(run(error(file="/p", offset=0), mappings=mapping(0x1000, 4096, "/p", 0)), "1.xml"),
        xml(run(error(file="/p", offset=64), mappings=mapping(0x9000, 4096, "/p", 4096)), "2.xml"))
    pool, = poolmap.pools(report)
    assert (pool.name, pool.size) == ("/p", 8192)
    assert pool.spans() == [[0, 2, "DIRTY", 0]]


def test_an_address_belongs_to_the_mapping_that_holds_it(gathered, xml):
    report, _ = gathered(xml(run(
        error(address="0x20c0"), error(address="0x5040"), error(address="0x9000"),
        mappings=mapping(0x2000, 4096, None) + mapping(0x5000, 4096, "/p", 8192))))
    assert drawn(report) == {"/p": [[129, 1, "DIRTY", 0]], "0x2000": [[3, 1, "DIRTY", 0]]}


def test_costs_have_no_state_on_the_map_and_the_worst_finding_wins(gathered, xml):
    report, _ = gathered(xml(run(
        error(kind="RedundantFlush", address="0x5200000", size=128, state="FLUSHED"),
        error(kind="NotPersisted", address="0x5200000", size=8))))
    assert drawn(report) == {"/tmp/pool": [[0, 1, "DIRTY", 0], [1, 1, "", 1]]}


def test_a_store_of_a_tebibyte_takes_one_span(gathered, xml):
    report, _ = gathered(xml(run(error(file="/p", offset=0, size=1 << 40), mappings="")))
    assert drawn(report) == {"/p": [[0, 1 << 34, "DIRTY", 0]]}


def test_source_beyond_the_size_limit_is_left_out(gathered, samples, monkeypatch):
    report, sources = gathered(samples / "queue.4711.xml")
    assert "node->next = queue->head;" in page.write(report, sources)
    monkeypatch.setattr(page, "MAX_DATA", 2000)
    assert "node->next = queue->head;" not in page.write(report, sources)


def test_overlapping_lines_around_frames_are_stored_once(gathered, samples):
    report, sources = gathered(samples / "queue.4711.xml")
    text = page.write(report, sources)
    assert text.count("void count(struct queue *queue) {") == 1
    assert "pmem_persist(queue, sizeof(*queue));" in text
    assert "struct node {" not in text


def test_files_that_are_no_source_do_not_break_the_page(gathered, xml, tmp_path):
    (tmp_path / "binary.c").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "short.c").write_text("one line")
    (tmp_path / "folder.c").mkdir()
    names = ["binary.c", "short.c", "folder.c", "missing.c", "/dev/zero"]
    report, sources = gathered(xml(run(*(
        error(frames=[frame("f", name, 5, dir=str(tmp_path))]) for name in names))))
    assert page.write(report, sources)
