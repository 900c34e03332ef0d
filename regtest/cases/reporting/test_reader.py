# SPDX-License-Identifier: GPL-2.0-or-later
"""What the reader takes from an XML file, and how it reports one that it cannot read to the end."""

import re

import pytest
from build_samples import HEAD, TAIL, error, frame, many, mapping, run, stack

from pmemcheck_report import reader


def read_whole(path):
    read, problem = reader.read(str(path))
    assert problem is None
    assert read.complete
    return read


def test_a_run_is_read_with_its_pid_arguments_and_mappings(samples):
    read = read_whole(samples / "queue.4711.xml")
    assert (read.pid, read.ppid) == (4711, 1)
    assert read.argv == ["./queue", "/mnt/pmem/queue", "two words"]
    assert read.tool.startswith("pmemcheck-1.0")
    assert [tuple(m) for m in read.mappings] == [(0x5200000, 65536, "/mnt/pmem/queue", 0)]
    assert [f.kind for f in read.findings] == ["NotPersisted"] * 3 + ["RedundantFlush",
                                                                      "ActiveTransaction"]


def test_a_finding_is_read_with_all_its_details(samples):
    finding = read_whole(samples / "queue.4711.xml").findings[0]
    assert finding.what == "8 bytes at 0x5200040 were stored and never flushed"
    assert (finding.address, finding.size, finding.state) == (0x5200040, 8, "DIRTY")
    assert (finding.file, finding.offset, finding.name) == ("/mnt/pmem/queue", 64, "node.next")
    assert [(f.fn, f.file, f.line) for f in finding.stack] == [("push", "queue.c", 11),
                                                               ("main", "queue.c", 30)]
    assert finding.stack[0].path == str(samples / "src" / "queue.c")
    (text, second), = finding.more
    assert text == "The first fence after it was here"
    assert second[0].line == 13
    assert finding.hint.startswith("flush the line")


def test_thread_and_suppression_are_read(samples):
    finding = read_whole(samples / "queue.4711.xml").findings[2]
    assert finding.thread == "writer"
    assert finding.suppression.startswith("{\n   <insert_a_suppression_name_here>\n   pmemcheck:Not")
    assert finding.suppression.endswith("fun:main\n}")


def test_a_suppression_without_text_is_made_of_its_parts(xml):
    parts = ("  <suppression><sname>s</sname><skind>pmemcheck:NotPersisted</skind>"
             "<sframe><obj>*</obj></sframe><sframe><fun>main</fun></sframe></suppression>\n")
    finding, = read_whole(xml(run(error(more=parts)))).findings
    assert finding.suppression == "{\n   s\n   pmemcheck:NotPersisted\n   obj:*\n   fun:main\n}"


def test_a_finding_about_a_transaction_has_no_address(samples):
    finding = read_whole(samples / "queue.4711.xml").findings[4]
    assert finding.address is None
    assert (finding.transaction, finding.nesting) == (5, 2)


def test_findings_grouped_by_the_tool_keep_their_counts(samples):
    finding = read_whole(samples / "queue.4712.xml").findings[0]
    assert (finding.count, finding.bytes) == (12, 96)
    assert (finding.lowest, finding.end) == (0x6000300, 0x6000500)


def test_the_signal_that_ended_the_program_is_read(samples):
    assert read_whole(samples / "queue.4712.xml").signal == "SIGSEGV"


def test_elements_of_a_newer_valgrind_are_skipped(samples):
    finding, = read_whole(samples / "newer.xml").findings
    assert finding.kind == "TornStore"
    assert finding.what == "16 bytes at 0x5200030 may be torn"


@pytest.mark.parametrize("tag", ["words", "error2", "_take_error", "read"])
def test_no_element_calls_another_method_of_the_reader(xml, tag):
    assert read_whole(xml(run(f"<{tag}>x</{tag}>\n"))).findings == []


def test_an_auxwhat_may_stand_without_a_stack_and_a_stack_without_an_auxwhat(xml):
    more = "  <auxwhat>alone</auxwhat>\n  <auxwhat>with</auxwhat>\n" + stack(frame("a")) + stack(frame("b"))
    finding, = read_whole(xml(run(error(more=more)))).findings
    assert [(text, [f.fn for f in frames]) for text, frames in finding.more] == [
        ("alone", []), ("with", ["a"]), ("", ["b"])]


def test_frames_without_any_information_are_read(xml):
    bare = stack("    <frame>\n      <ip>0x1091A1</ip>\n    </frame>\n")
    finding, = read_whole(xml(run(error(frames=[])).replace("  <stack>\n  </stack>\n", bare))).findings
    assert finding.stack[0] == ("0x1091A1", "", "", "", "", 0)


def test_bytes_that_are_not_utf8_are_escaped(xml):
    text = run(error(), argv=("./app", "ARGUMENT")).encode().replace(b"ARGUMENT", b"caf\xe9\x1b[1m")
    assert read_whole(xml(text)).argv == ["./app", "caf\\xe9\\x1b[1m"]


def test_a_long_file_is_read_in_pieces(xml):
    assert len(read_whole(xml(many(2000, depth=3))).findings) == 2000


# ---- incomplete files ----

WHOLE = run(error(), error(), error())


def problem_of(path):
    read, problem = reader.read(path)
    return read, str(problem).replace(path, "run.xml")


def cut_inside(tag):
    """RETURNS: the text up to the middle of the last <tag>."""
    return WHOLE[:WHOLE.rindex(f"<{tag}>") + len(tag) + 3]


@pytest.mark.parametrize("tag, findings", [("what", 2), ("frame", 2), ("ip", 2), ("pmemcheck", 2),
                                           ("pmem", 3), ("mapping", 3), ("errorcounts", 3)])
def test_a_truncated_file_keeps_the_findings_before_the_cut(xml, tag, findings):
    text = cut_inside(tag)
    read, problem = problem_of(xml(text))
    assert len(read.findings) == findings
    assert not read.complete
    last = text.count("\n") + 1
    assert re.fullmatch(rf"run\.xml:{last}: ends inside <\w+>, so the run was killed or the file cut: want "
                        rf"</valgrindoutput> at the end; reported are the findings before that: {findings}",
                        problem)


def test_the_file_of_a_killed_run_is_incomplete(xml):
    read, problem = problem_of(xml(WHOLE.replace(TAIL, "")))
    assert len(read.findings) == 3
    assert "ends inside <valgrindoutput>, so the run was killed" in problem


def test_a_file_cut_inside_a_tag_is_reported_as_cut(xml):
    read, problem = problem_of(xml(WHOLE[:WHOLE.rindex("<state>DIRTY") + 3]))
    assert len(read.findings) == 2
    assert ": ends inside <pmemcheck>, so the run was killed or the file cut" in problem


def test_a_file_cut_anywhere_gives_exactly_one_problem(xml):
    for end in range(0, len(WHOLE.rstrip()), 41):
        read, problem = problem_of(xml(WHOLE[:end]))
        assert re.match(r"run\.xml:\d+: \w", problem), problem
        assert "\n" not in problem
        assert read is None or not read.complete


def test_broken_xml_is_reported_with_its_line(xml):
    text = WHOLE.replace("</error>", "</errrr>", 2).replace("</errrr>", "</error>", 1)
    read, problem = problem_of(xml(text))
    assert len(read.findings) == 1
    line = text[:text.index("</errrr>")].count("\n") + 1
    assert problem.startswith(f"run.xml:{line}: broken XML inside <error> (mismatched tag): want a file")
    assert problem.endswith("reported are the findings before that: 1")


def test_text_after_the_end_is_reported(xml):
    read, problem = problem_of(xml(WHOLE + WHOLE))
    assert len(read.findings) == 3
    assert "something follows </valgrindoutput>" in problem


WANT = ": want a file that valgrind --tool=pmemcheck --xml=yes wrote"


@pytest.mark.parametrize("text, said", [
    ("", ":1: empty"),
    ("\n\n", ":3: empty"),
    ("==4711== ERROR SUMMARY: 0 errors\n", ":1: not XML (not well-formed (invalid token))"),
    (b"\x7fELF\x02\x01\x01\0\0\0", ":1: not XML (not well-formed (invalid token))"),
    (WHOLE.encode("utf-16"), ":1: not XML (not well-formed (invalid token))"),
    ('<?xml version="1.0"?>\n<html/>\n', ":2: begins with <html>"),
    (HEAD[:70], ":5: broken off before it named its tool (unclosed token)"),
    ("<valgrindoutput>\n</valgrindoutput>\n", ":2: names no tool"),
    ("<valgrindoutput>\n" + error() + "</valgrindoutput>\n", ":2: <error> comes before <protocoltool>"),
    (run(tool="helgrind"), ":6: written by helgrind"),
])
def test_a_file_of_another_kind_is_reported_with_its_line(xml, text, said):
    read, problem = problem_of(xml(text))
    assert read is None
    assert problem == f"run.xml{said}{WANT}"


def test_xml_of_memcheck_is_refused(samples):
    assert problem_of(str(samples / "memcheck.xml"))[1] == f"run.xml:6: written by memcheck{WANT}"


def test_a_missing_file_and_a_directory_are_reported(tmp_path):
    assert problem_of(str(tmp_path / "none"))[1] == f"run.xml: No such file or directory{WANT}"
    assert problem_of(str(tmp_path))[1] == f"run.xml: Is a directory{WANT}"


@pytest.mark.parametrize("wrong, said", [
    (error(size="many"), "<error> has <size>many</size>: want a number"),
    (error(address="-1"), "<error> has <address>-1</address>: want a number"),
    (error(address="0x" + "f" * 17), "<error> has <address>0xfffffffffffffffff</address>: want a number"),
    (error(size="9" * 5000), f"<error> has <size>{'9' * 40}</size>: want a number"),
    (error().replace("<line>19", "<line>x"), "<error> has <line>x</line>: want a number"),
    (error(frames=[frame("f", ip="here")]), "<error> has <ip>here</ip>: want a number"),
    (error(kind=""), "<error> has no <kind>: want one of pmemcheck's kinds"),
])
def test_an_invalid_finding_is_left_out_and_the_rest_is_read(xml, wrong, said):
    text = run(error(), wrong, error())
    read, problem = problem_of(xml(text))
    assert len(read.findings) == 2
    line = HEAD.count("\n") + error().count("\n") + 1 + 1  # argv has one line more
    assert problem == f"run.xml:{line}: {said}; findings left out: 1"


def test_an_invalid_mapping_is_reported(xml):
    read, problem = problem_of(xml(run(error(), mappings=mapping(size="?"))))
    assert len(read.findings) == 1
    assert "<pmem> has <size>?</size>: want a number" in problem


def test_nested_entities_do_not_exhaust_memory(xml):
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20 if n else "x" * 100}">\n' for n in range(12))
    text = WHOLE.replace("<valgrindoutput>", f"<!DOCTYPE valgrindoutput [{bomb}]>\n<valgrindoutput>", 1)
    read, problem = problem_of(xml(text.replace("never flushed", "never flushed &e11;")))
    assert problem
