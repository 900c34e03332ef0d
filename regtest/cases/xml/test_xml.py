# SPDX-License-Identifier: GPL-2.0-or-later
"""--xml=yes writes documents that are valid by docs/pmemcheck.rng, with everything that the text has."""

import re

import pytest
from lxml import etree

from harness import case, place, report, run

GOLDEN = place.SOURCE / "regtest/cases/golden"
SCHEMA = etree.RelaxNG(etree.parse(str(place.SOURCE / "docs/pmemcheck.rng")))
NAMES = [kind.name for kind in report.KINDS] + ["all"]
# The kinds of findings in XML and suppressions, in the order of the sections of the text.
KINDS = re.findall(r"(?m)^PM_FINDING\((\w+),", (place.SOURCE / "pmemcheck/tables/findings.def")
                   .read_text())
KIND_OF = dict(zip((kind.name for kind in report.KINDS), KINDS, strict=True))


def document(run_program, tmp_path, *options, name="out.xml"):
    """RETURNS: the root of the valid document that a run wrote, and the run."""
    file = tmp_path / name
    done = run_program([f"--xml-file={file}", "--xml=yes", *options])
    parsed = etree.parse(str(file))
    assert SCHEMA.validate(parsed), f"{SCHEMA.error_log}\n{file.read_text()}"
    return parsed.getroot(), done


def guest_run(pmemcheck, program):
    return lambda options: pmemcheck([program], options=options)


@pytest.mark.parametrize("name", NAMES)
def test_every_golden_case_has_valid_xml_with_the_findings_of_its_text(pmemcheck, tmp_path, name):
    golden = case.Case(GOLDEN / f"{name}.c")
    text = golden.run(tmp_path).parsed().reports[0]
    program = tmp_path / name
    root, done = document(guest_run(pmemcheck, program), tmp_path, *golden.options)
    assert done.stderr == "" and done.status == 0, done
    found = [(e.findtext("kind"), e.findtext("pmemcheck/address"), e.findtext("pmemcheck/size"),
              [f.findtext("fn") for f in e.find("stack")]) for e in root.iter("error")]
    wanted = [(KIND_OF[kind], hex(e.address) if e.address is not None else None,
               str(e.size) if e.size is not None else None, [f.function for f in e.frames])
              for kind, entries in text.entries.items() for e in entries]
    key = str
    assert sorted(found, key=key) == sorted(wanted, key=key), done


def test_an_error_has_its_hint_file_offset_and_name(pmemcheck, guest, tmp_path):
    program = guest("""
#include "guest.h"
int main(void) {
  pm_map_file(8192);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 8192);
  VALGRIND_PMC_NAME_RANGE(PM_BASE + 4096, 64, "a<b>&c");
  PM(uint64_t, 4096 + 8) = 1;
  SFENCE();
  _exit(0);
}""")
    root, _ = document(guest_run(pmemcheck, program), tmp_path)
    error, = root.iter("error")
    pool = f"{tmp_path}/pool"
    assert [e.text for e in error.findall("auxwhat")] == [
        "The thread's first fence after it was here",
        "Address 0x200001008 is 8 bytes into a<b>&c",
        f"Address 0x200001008 is at offset 4104 of {pool}",
        "hint: flush the line after the store, and fence before anything depends on it"]
    assert {e.tag: e.text for e in error.find("pmemcheck")} == {
        "address": "0x200001008", "size": "8", "state": "DIRTY", "file": pool, "offset": "4104",
        "name": "a<b>&c", "nameoffset": "8"}
    assert [[f.findtext("line") for f in s] for s in error.findall("stack")] == [["7"], ["8"]]
    assert [{e.tag: e.text for e in m} for m in root.iterfind("pmem/mapping")] == [
        {"base": "0x200000000", "size": "8192", "file": pool, "offset": "0"}]


def test_a_system_call_is_the_top_frame_of_its_stack(pmemcheck, guest, tmp_path):
    program = guest("""
#include "guest.h"
int main(void) {
  pm_open(4096);
  int fd = open("/dev/zero", O_RDONLY);
  if (read(fd, PM_BASE, 8) != 8) return 1;
  _exit(0);
}""")
    root, _ = document(guest_run(pmemcheck, program), tmp_path)
    error, = root.iter("error")
    functions = [f.findtext("fn") for f in error.find("stack")]
    assert functions[0] == "read (system call)" and functions[-1] == "main", functions


LOOP = """
#include "guest.h"
int main(void) {
  pm_open(4096);
  for (int i = 0; i < 5; i++) CLWB(PM_BASE + 64 * i);
  PM(uint64_t, 0) = 1;
  _exit(0);
}"""


def test_a_group_has_its_count_and_range(pmemcheck, guest, tmp_path):
    root, _ = document(guest_run(pmemcheck, guest(LOOP)), tmp_path, "--group=yes",
                       "--flush-check=yes")
    flushes, lost = root.iter("error")
    facts = {e.tag: e.text for e in flushes.find("pmemcheck")}
    assert facts == {"address": "0x200000000", "size": "64", "count": "5", "bytes": "320",
                     "lowest": "0x200000000", "end": "0x200000140"}
    assert lost.findtext("pmemcheck/count") is None


@pytest.mark.parametrize("when, errors", [("exit", 6), ("now", 2), ("both", 2)],
                         ids=["--report=exit", "--report=now", "--report=both"])
def test_report_now_and_both_write_errors_before_the_program_ends(pmemcheck, guest, tmp_path, when,
                                                                  errors):
    root, done = document(guest_run(pmemcheck, guest(LOOP)), tmp_path, f"--report={when}",
                          "--flush-check=yes", "--error-exitcode=9")
    order = [e.tag for e in root if e.tag in ("error", "status")]
    assert order.count("error") == errors and done.status == 9, done
    assert (order[1] == "error") == (when != "exit"), order


def test_suppressions_are_generated_in_xml(pmemcheck, guest, tmp_path):
    root, _ = document(guest_run(pmemcheck, guest(LOOP)), tmp_path, "--gen-suppressions=all")
    error, = root.iter("error")
    assert error.findtext("suppression/skind") == "Pmemcheck:NotPersisted"


def test_a_run_without_findings_is_valid_and_says_which_memory_was_checked(pmemcheck, guest,
                                                                           tmp_path):
    program = guest('#include "guest.h"\nint main(void) { pm_open(4096); _exit(0); }')
    root, _ = document(guest_run(pmemcheck, program), tmp_path)
    assert root.find("error") is None and len(root.findall("pmem/mapping")) == 1


def test_a_file_that_was_mapped_several_times_is_listed_once(pmemcheck, guest, tmp_path):
    program = guest("""
#include "guest.h"
int main(void) {
  for (int i = 0; i < 3; i++) {
    close(pm_map_file(8192));
    VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 8192);
    if (i == 1) VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE, 8192);
    munmap(PM_BASE, 8192);
  }
  pm_open(4096);
  _exit(0);
}""")
    root, _ = document(guest_run(pmemcheck, program), tmp_path)
    assert [(m.findtext("size"), m.findtext("file")) for m in root.iterfind("pmem/mapping")] == [
        ("4096", None), ("8192", f"{tmp_path}/pool")]


def test_the_report_of_write_stats_goes_to_the_log_as_text(pmemcheck, guest, tmp_path):
    program = guest('#include "guest.h"\nint main(void) { pm_open(4096); PM(int, 0) = 1; '
                    "VALGRIND_PMC_WRITE_STATS; _exit(0); }")
    root, done = document(guest_run(pmemcheck, program), tmp_path)
    assert len(list(root.iter("error"))) == 1
    assert "Number of stores not made persistent: 1" in done.log
    assert "main (guest.c:2)" in done.log, done


def test_each_process_of_a_fork_writes_its_own_xml_file(pmemcheck, guest, tmp_path):
    program = guest("""
#include "guest.h"
#include <sys/wait.h>
int main(void) {
  pm_open(4096);
  if (fork() == 0) { PM(uint64_t, 0) = 1; _exit(0); }
  wait(NULL);
  _exit(0);
}""")
    pmemcheck([program], options=["--xml=yes", f"--xml-file={tmp_path}/%p.xml"])
    counts = []
    for file in sorted(tmp_path.glob("*.xml")):
        parsed = etree.parse(str(file))
        assert SCHEMA.validate(parsed), SCHEMA.error_log
        counts.append(len(list(parsed.getroot().iter("error"))))
    assert sorted(counts) == [0, 1]


def test_a_file_that_libpmem_mapped_is_named(pmemcheck, tmp_path):
    program = run.build(place.SOURCE / "examples/01-missing-flush.c", tmp_path / "example",
                        libs=["pmem"])
    root, _ = document(lambda options: pmemcheck([program, tmp_path / "pool"], options=options,
                                                 PMEM_IS_PMEM_FORCE="1"), tmp_path)
    error, = root.iter("error")
    assert error.findtext("pmemcheck/file") == str(tmp_path / "pool")
    assert error.findtext("pmemcheck/offset") == "0"
    # The mapping with which libpmem finds out whether the tool is there has no file.
    assert [m.findtext("file") for m in root.iterfind("pmem/mapping")] == [str(tmp_path / "pool")]


def test_the_file_of_a_finding_follows_munmap_and_mremap(pmemcheck, guest, tmp_path):
    program = guest("""
#include "guest.h"
int main(void) {
  int fd = pm_map_file(3 * 4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 3 * 4096);
  PM(uint64_t, 8192 + 16) = 1; /* unmapped below */
  munmap(PM_BASE + 8192, 4096);
  mmap(PM_BASE + 8192, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE + 8192, 4096);
  PM(uint64_t, 8192 + 24) = 1; /* no file is mapped here any more */
  char* moved = mremap(PM_BASE + 4096, 4096, 8192, MREMAP_MAYMOVE);
  *(volatile uint64_t*)(moved + 32) = 1;
  *(volatile uint64_t*)(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 8192)) = 0;
  _exit(0);
}""")
    root, _ = document(guest_run(pmemcheck, program), tmp_path)
    lies = [(int(e.findtext("pmemcheck/address"), 16) % 4096, e.findtext("pmemcheck/offset"))
            for e in root.iter("error")]
    assert sorted(lies) == [(16, "8208"), (24, None), (32, "4128")]
