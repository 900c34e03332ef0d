# SPDX-License-Identifier: GPL-2.0-or-later
"""Which findings of many runs are one, and the order of findings."""

from build_samples import error, frame, run, stack

from pmemcheck_report import source


def at(*lines, fn="f", **more):
    return [frame(f"{fn}{n}", "a.c", line, dir="/home/user", **more) for n, line in enumerate(lines)]


def test_ten_files_with_one_finding_are_one_group(gathered, xml):
    paths = [xml(run(error(address=hex(0x1000 + n)), pid=n), f"{n}.xml") for n in range(10)]
    report, _ = gathered(*paths)
    group, = report.groups
    assert (group.count, group.bytes, len(group.runs)) == (10, 80, 10)
    assert [r.pid for r in group.runs] == list(range(10))
    assert group.first.address == 0x1000


def test_kind_line_function_file_and_second_stack_make_groups_differ(gathered, xml):
    second = "  <auxwhat>was here</auxwhat>\n" + stack(frame("g", "b.c", 3))
    report, _ = gathered(xml(run(
        error(frames=at(1, 2)), error(frames=at(1, 2)), error(kind="Overwritten", frames=at(1, 2)),
        error(frames=at(1, 3)), error(frames=at(1)), error(frames=at(1, 2, fn="h")),
        error(frames=at(1, 2), more=second))))
    assert sorted(group.count for group in report.groups) == [1, 1, 1, 1, 1, 2]


def test_addresses_and_states_do_not_make_groups_differ(gathered, xml):
    report, _ = gathered(xml(run(error(frames=at(1, ip="0x1")),
                                 error(frames=at(1, ip="0x2"), state="FLUSHED", address="0x99"))))
    group, = report.groups
    assert dict(group.states) == {"DIRTY": 1, "FLUSHED": 1}


def test_frames_without_a_function_differ_by_object_and_address(gathered, xml):
    def stripped(ip, obj="/lib/a.so"):
        return error(frames=[frame(ip=ip, obj=obj)])
    report, _ = gathered(xml(run(stripped("0x1"), stripped("0x1"), stripped("0x2"),
                                 stripped("0x1", "/lib/b.so"))))
    assert [group.count for group in report.groups] == [2, 1, 1]


def test_groups_are_sorted_by_severity_then_table_order_then_count(gathered, xml, kinds):
    report, _ = gathered(xml(run(*(error(kind=kind, frames=at(line)) for line, kind in enumerate(
        [*reversed(kinds.kinds), "NotPersisted", "NotPersisted"])),
        error(frames=at(100)), error(frames=at(100)))))
    ranks = [group.kind.rank for group in report.groups]
    assert ranks == sorted(ranks)
    assert report.groups[0].count == 2
    severities = [group.kind.severity for group in report.groups]
    assert severities == sorted(severities, key=["bug", "risk", "cost"].index)


def test_a_kind_that_the_table_lacks_is_a_bug(gathered, samples):
    report, _ = gathered(samples / "newer.xml")
    kind = report.groups[0].kind
    assert (kind.id, kind.severity, kind.title) == ("TornStore", "bug", "TornStore")
    assert report.groups[0].hint == "store at most 8 aligned bytes"


def identity(gathered, xml, *frames, **how):
    report, _ = gathered(xml(run(error(frames=list(frames), **how))))
    return report.groups[0].id


def test_identity_ignores_lines_addresses_and_directories(gathered, xml):
    one = identity(gathered, xml, frame("f", "a.c", 10, dir="/home/one", ip="0x1", obj="/home/one/app"))
    two = identity(gathered, xml, frame("f", "a.c", 99, dir="/ci/two", ip="0x2", obj="/ci/two/app"))
    assert one == two


def test_identity_depends_on_kind_function_and_file(gathered, xml):
    frames = [frame("f", "a.c", 1), frame("g", "a.c", 1), frame("f", "b.c", 1)]
    ids = {identity(gathered, xml, one) for one in frames}
    ids.add(identity(gathered, xml, frames[0], kind="Overwritten"))
    assert len(ids) == 4


def test_the_home_frame_is_the_innermost_in_own_sources(gathered, samples):
    report, sources = gathered(samples / "queue.4712.xml")
    group = next(g for g in report.groups if g.kind.id == "OutsideTransaction")
    assert group.stack[0].fn.startswith("__memcpy")
    assert group.stack[sources.home(group.stack)].fn == "push"


def test_own_sources_may_lie_behind_a_link(gathered, samples):
    (samples / "link").symlink_to(samples / "src")
    report, _ = gathered(samples / "queue.4711.xml")
    frame = report.groups[0].stack[0]
    assert source.Sources(samples / "link").relative(frame) == "queue.c"
    assert source.Sources(samples / "src" / "..").relative(frame) == "src/queue.c"
    assert source.Sources("/usr").relative(frame) is None


def test_without_own_sources_the_home_frame_is_the_first_with_a_file(gathered, xml):
    report, sources = gathered(xml(run(error(frames=[
        frame("flush", obj="/lib/libpmem.so"), frame("put", "put.c", 5, dir="/else/where")]))))
    stack = report.groups[0].stack
    assert stack[sources.home(stack)].fn == "put"
