# SPDX-License-Identifier: GPL-2.0-or-later
"""Findings as Valgrind's errors: exit codes, suppressions, markers, limits, the debugger."""

import re
import shutil
import subprocess

import pytest

from harness import place, report, run

LOSES = """
#include "guest.h"
static void update(size_t offset) { PM(uint64_t, offset) = 1; }
static void store_all(void) {
  update(0);
  update(64);
}
int main(int argc, char** argv) {
  pm_open(4096);
  if (argc > 1) store_all();
  PM(uint64_t, 128) = 1;
  CLWB(PM_BASE + 128);
  CLWB(PM_BASE + 128);
  SFENCE();
  fflush(stdout);
  (void)argv;
  _exit(3);
}
"""
# One finding of each kind; its exit status is 0.
ALL_KINDS = place.SOURCE / "regtest/cases/golden/all.c"
ALL_OPTIONS = ["--flush-check=yes", "--mult-stores=yes"]
KINDS = ["NotPersisted", "OutsideTransaction", "TransactionOverlap", "ActiveTransaction",
         "RedundantFlush", "UnnecessaryFlush", "Overwritten", "NotDurable", "OutOfOrder"]


@pytest.fixture
def loses(guest):
    return guest(LOSES)


@pytest.fixture
def all_kinds(tmp_path):
    return run.build(ALL_KINDS, tmp_path / "all")


# ---- --error-exitcode -------------------------------------------------------------------------------


def test_error_exitcode_is_the_exit_status_if_there_are_findings(pmemcheck, loses):
    done = pmemcheck([loses, "x"], options=["--error-exitcode=99"])
    assert done.status == 99 and len(done.parsed().reports[0].lost) == 2, done


def test_error_exitcode_is_not_used_without_findings(pmemcheck, loses):
    done = pmemcheck([loses], options=["--error-exitcode=99"])
    assert done.status == 3 and done.parsed().reports[0].found() == {}, done


def test_findings_do_not_change_the_exit_status_without_error_exitcode(pmemcheck, loses):
    assert pmemcheck([loses, "x"]).status == 3


@pytest.mark.parametrize("option", ["--flush-check=yes", "--report=now", "--report=both",
                                    "--group=yes"])
def test_error_exitcode_counts_findings_made_before_exit(pmemcheck, loses, option):
    options = ["--error-exitcode=99", "--flush-check=yes", option]
    assert pmemcheck([loses], options=options).status == 99


def test_error_exitcode_works_with_print_summary_no(pmemcheck, loses):
    done = pmemcheck([loses, "x"], options=["--error-exitcode=99", "--print-summary=no"])
    assert done.status == 99 and done.parsed().reports == [], done


def test_error_exitcode_ignores_stores_that_only_write_stats_listed(pmemcheck, guest):
    program = guest("""
#include "guest.h"
int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  VALGRIND_PMC_WRITE_STATS;
  CLWB(PM_BASE);
  SFENCE();
  _exit(3);
}""")
    done = pmemcheck([program], options=["--error-exitcode=99"])
    assert done.status == 3 and [len(r.lost) for r in done.parsed().reports] == [1, 0], done


# ---- suppressions -----------------------------------------------------------------------------------


def suppressions_in(log):
    """RETURNS: the texts that --gen-suppressions printed, each with a name."""
    found = re.findall(r"(?ms)^\{\n.*?^\}\n", log)
    return [text.replace("<insert_a_suppression_name_here>", f"s{i}")
            for i, text in enumerate(found)]


def kind_of(suppression):
    return re.search(r"Pmemcheck:(\w+)", suppression)[1]


def test_gen_suppressions_prints_a_suppression_for_every_kind(pmemcheck, all_kinds):
    done = pmemcheck([all_kinds], options=[*ALL_OPTIONS, "--gen-suppressions=all"])
    kinds = [kind_of(s) for s in suppressions_in(done.log)]
    assert sorted(set(kinds)) == sorted(KINDS) and len(kinds) == 10, done


@pytest.mark.parametrize("kind", KINDS)
def test_a_generated_suppression_suppresses_its_finding_and_no_other(pmemcheck, all_kinds,
                                                                      tmp_path, kind):
    def sums(done):
        return {name: len(entries) for name, entries in done.parsed().reports[0].entries.items()}

    plain = pmemcheck([all_kinds], options=ALL_OPTIONS)
    made = pmemcheck([all_kinds], options=[*ALL_OPTIONS, "--gen-suppressions=all"])
    mine = [s for s in suppressions_in(made.log) if kind_of(s) == kind]
    file = tmp_path / "mine.supp"
    file.write_text("".join(mine))
    done = pmemcheck([all_kinds], options=[*ALL_OPTIONS, f"--suppressions={file}"])
    name = report.KINDS[KINDS.index(kind)].name
    before, after = sums(plain), sums(done)
    assert before.pop(name) > 0 and after.pop(name) == 0 and before == after, done
    silenced = len(plain.parsed().reports[0].entries[name])
    assert done.parsed().reports[0].suppressed == silenced, done


def test_a_suppression_matches_only_its_callers(pmemcheck, loses, tmp_path):
    file = tmp_path / "one.supp"
    file.write_text("{\n a\n Pmemcheck:NotPersisted\n fun:update\n fun:elsewhere\n}\n")
    done = pmemcheck([loses, "x"], options=[f"--suppressions={file}"])
    assert len(done.parsed().reports[0].lost) == 2, done
    file.write_text("{\n a\n Pmemcheck:NotPersisted\n fun:update\n fun:store_all\n ...\n}\n")
    done = pmemcheck([loses, "x"], options=[f"--suppressions={file}", "--error-exitcode=99"])
    found = done.parsed().reports[0]
    assert done.status == 3 and found.lost == [] and found.suppressed == 2, done


def test_suppressed_findings_are_counted_on_a_line_of_their_own(pmemcheck, loses, tmp_path):
    file = tmp_path / "all.supp"
    file.write_text("{\n a\n Pmemcheck:NotPersisted\n fun:update\n}\n")
    done = pmemcheck([loses, "x"], options=["-q", f"--suppressions={file}"])
    assert re.sub(r"(?m)^==\d+== ", "", done.log) == (
        "\nNumber of stores not made persistent: 0\n\nNumber of suppressed findings: 2\n"
        "ERROR SUMMARY: 0 errors\n"), done


def test_suppressions_of_other_tools_are_ignored(pmemcheck, loses, tmp_path):
    file = tmp_path / "other.supp"
    file.write_text("{\n a\n Memcheck:Leak\n fun:malloc\n ...\n}\n{\n b\n Helgrind:Race\n fun:x\n}\n")
    done = pmemcheck([loses, "x"], options=[f"--suppressions={file}"])
    assert (done.status, done.stderr) == (3, ""), done
    assert len(done.parsed().reports[0].lost) == 2, done


def test_a_suppression_of_an_unknown_kind_is_refused(pmemcheck, loses, tmp_path):
    file = tmp_path / "wrong.supp"
    file.write_text("{\n a\n Pmemcheck:Nonsense\n fun:x\n}\n")
    done = pmemcheck([loses, "x"], options=[f"--suppressions={file}"])
    assert done.status == 1 and "unknown tool suppression type" in done.log + done.stderr, done


def test_option_s_lists_the_used_suppressions(pmemcheck, loses, tmp_path):
    file = tmp_path / "all.supp"
    file.write_text("{\n the-name\n Pmemcheck:NotPersisted\n fun:update\n}\n")
    done = pmemcheck([loses, "x"], options=["-s", f"--suppressions={file}"])
    assert re.search(r"used_suppression: +2 the-name .*all\.supp:2", done.log), done


def test_default_suppressions_are_read_unless_switched_off(pmemcheck, loses, tmp_path):
    library = tmp_path / "lib"
    shutil.copytree(place.VALGRIND_LIB, library, symlinks=True)
    (library / "pmemcheck.supp").write_text("{\n d\n Pmemcheck:NotPersisted\n fun:update\n}\n")

    def lost(*options):
        done = subprocess.run([place.VALGRIND, "--tool=pmemcheck", "-q", *options, loses, "x"],
                              env=run.environment(tmp_path, VALGRIND_LIB=str(library)),
                              cwd=tmp_path, capture_output=True, text=True)
        return int(re.search(r"not made persistent: (\d+)", done.stderr)[1])

    assert (lost(), lost("--default-suppressions=no")) == (0, 2)
    (library / "pmemcheck.supp").unlink()
    assert lost() == 2


def test_the_installed_default_suppressions_are_empty():
    text = (place.VALGRIND_LIB / "pmemcheck.supp").read_text()
    assert all(line.startswith("#") for line in text.splitlines())


# ---- --report, --group, --explain ---------------------------------------------------------------------


def test_report_now_prints_a_finding_before_the_programs_next_output(tmp_path, guest):
    program = guest("""
#include "guest.h"
int main(void) {
  pm_open(4096);
  CLWB(PM_BASE);
  fprintf(stderr, "after\\n");
  _exit(0);
}""")
    command = [place.VALGRIND, "--tool=pmemcheck", "-q", "--flush-check=yes", "--report=now",
               program]
    done = subprocess.run(command, env=run.environment(tmp_path,
                                                       VALGRIND_LIB=str(place.VALGRIND_LIB)),
                          cwd=tmp_path, capture_output=True, text=True)
    now, _, rest = done.stderr.partition("after\n")
    assert "64 bytes at 0x200000000 were flushed, and nothing" in now, done
    assert "guest.c:5" in now and "hint: drop the flush" in now, done
    assert "Number of unnecessary flushes: 1\n" in rest and "Already reported: 1\n" in rest, done
    assert rest.rstrip().endswith("ERROR SUMMARY: 1 errors"), done


LOOP = """
#include "guest.h"
int main(void) {
  pm_open(1 << 20);
  for (int i = 0; i < 5; i++) CLWB(PM_BASE + 64 * i);
  _exit(0);
}"""


def test_report_now_prints_findings_of_one_place_once(pmemcheck, guest):
    done = pmemcheck([guest(LOOP)], options=["--flush-check=yes", "--report=now"])
    assert done.log.count("were flushed, and nothing") == 1, done
    assert "Number of unnecessary flushes: 5\n" in done.log, done
    assert "ERROR SUMMARY: 5 errors" in done.log, done


def test_report_both_prints_a_finding_when_it_happens_and_at_exit(pmemcheck, guest):
    done = pmemcheck([guest(LOOP)], options=["--flush-check=yes", "--report=both"])
    assert done.log.count("were flushed, and nothing") == 1, done
    assert done.log.count("\tAddress: 0x") == 5 and "Already reported" not in done.log, done
    assert "ERROR SUMMARY: 5 errors" in done.log, done


def test_group_yes_makes_one_entry_of_findings_of_one_place(pmemcheck, guest):
    done = pmemcheck([guest(LOOP)], options=["--flush-check=yes", "--group=yes"])
    assert done.log.count("\tAddress: 0x200000000\tsize: 64\n") == 1, done
    assert "   and 4 more like it, 320 bytes in all, from 0x200000000 to before 0x200000140" in \
        done.log, done
    assert "Number of unnecessary flushes: 5\n" in done.log, done


def test_error_markers_enclose_the_findings_of_report_now(pmemcheck, loses):
    done = pmemcheck([loses], options=["--flush-check=yes", "--report=now",
                                       "--error-markers=BEGIN,END"])
    marked = re.search(r"(?s)== BEGIN\n(.*)== END\n", done.log)
    assert marked and "was flushed twice" not in marked[1] and "were flushed twice" in marked[1], done


MANY = """
#include "guest.h"
#define FLUSH CLWB(p += 64);
#define TEN FLUSH FLUSH FLUSH FLUSH FLUSH FLUSH FLUSH FLUSH FLUSH FLUSH
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
int main(void) {
  char* p = pm_open(1 << 20);
  HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
  HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
  _exit(0);
}"""


@pytest.mark.parametrize("limit, printed", [("yes", 1000), ("no", 1200)],
                         ids=["--error-limit=yes", "--error-limit=no"])
def test_the_error_limit_stops_printing_findings_but_not_counting_them(pmemcheck, guest, limit, printed):
    done = pmemcheck([guest(MANY)], options=["--flush-check=yes", "--report=now",
                                             f"--error-limit={limit}"])
    assert done.log.count("were flushed, and nothing") == printed, limit
    assert ("More than 1000 different findings" in done.log) == (limit == "yes")
    assert "Number of unnecessary flushes: 1200\n" in done.log


def test_vgdb_error_stops_the_program_at_a_finding(guest, tmp_path):
    program = guest(LOOP)
    command = [place.VALGRIND, "--tool=pmemcheck", "--flush-check=yes", "--report=now",
               "--vgdb=yes", "--vgdb-error=1", f"--vgdb-prefix={tmp_path}/pipe", program]
    env = run.environment(tmp_path, VALGRIND_LIB=str(place.VALGRIND_LIB))
    with subprocess.Popen(command, env=env, cwd=tmp_path, stderr=subprocess.PIPE,
                          text=True) as process:
        seen = []
        for line in process.stderr:
            seen.append(line)
            if "(action on error) vgdb me" in line:
                break
        assert seen and "vgdb me" in seen[-1], seen
        assert any("were flushed, and nothing" in line for line in seen), seen
        vgdb = ["vgdb", f"--vgdb-prefix={tmp_path}/pipe", f"--pid={process.pid}", "v.kill"]
        subprocess.run(vgdb, env=env, capture_output=True, timeout=60)
        process.stderr.read()


def test_there_is_one_error_summary_line(pmemcheck, loses):
    for options in ([], ["-q"], ["--report=now"], ["--flush-check=yes"]):
        done = pmemcheck([loses, "x"], options=options)
        assert done.log.count("ERROR SUMMARY") == 1, done


def test_explain_names_the_fence_after_a_store_that_was_never_flushed(pmemcheck, guest):
    program = guest("""
#include "guest.h"
static void drain(void) { SFENCE(); }
int main(void) {
  pm_map_file(8192);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 8192);
  VALGRIND_PMC_NAME_RANGE(PM_BASE + 4096, 64, "node.next");
  PM(uint64_t, 4096 + 8) = 1;
  drain();
  SFENCE();
  VALGRIND_PMC_START_TX;
  PM(uint64_t, 0) = 1;
  VALGRIND_PMC_END_TX;
  _exit(0);
}""")
    done = pmemcheck([program], options=["-q", "--explain=yes"])
    text = re.sub(r"0x[0-9A-F]+:", "0xA:", re.sub(r"(?m)^==\d+== ", "", done.log))
    assert """
[1]    at 0xA: main (guest.c:8)
	Address: 0x200001008	size: 8	state: DIRTY
   The thread's first fence after it was here:
[1]'   at 0xA: drain (guest.c:3)
   by 0xA: main (guest.c:9)
   Address 0x200001008 is 8 bytes into node.next
""" in text, done
    assert f"   Address 0x200001008 is at offset 4104 of {program.parent}/pool\n" in text, done
    assert "   The thread's first end of a transaction after it was here:\n" \
        "[0]'   at 0xA: main (guest.c:13)\n" in text, done


def test_the_fence_that_followed_a_store_is_named_after_the_memory_moved(pmemcheck, guest):
    program = guest("""
#include "guest.h"
#define THERE (PM_BASE + 0x100000)
int main(void) {
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  SFENCE();
  PM(uint64_t, 8) = 1;
  if (mremap(PM_BASE, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, THERE) != THERE) pm_fail("mremap");
  SFENCE();
  _exit(0);
}""")
    done = pmemcheck([program], options=["-q", "--explain=yes", "--mult-stores=yes"])
    text = re.sub(r"0x[0-9A-F]+:", "0xA:", re.sub(r"(?m)^==\d+== ", "", done.log))
    for number, (address, store, fence) in enumerate([("0x200100000", 6, 7), ("0x200100008", 8, 10)]):
        assert f"""
[{number}]    at 0xA: main (guest.c:{store})
\tAddress: {address}\tsize: 8\tstate: DIRTY
   The thread's first fence after it was here:
[{number}]'   at 0xA: main (guest.c:{fence})
""" in text, done


def test_the_fence_of_a_thread_is_not_named_for_a_store_of_another_to_what_is_mapped_anew(
        pmemcheck, guest):
    program = guest("""
#include "guest.h"
#include <pthread.h>
static void* store(void* unused) {
  PM(uint64_t, 0) = 2;
  return unused;
}
int main(void) {
  pthread_t thread;
  pm_open(4096);
  PM(uint64_t, 0) = 1;
  if (munmap(PM_BASE, 4096) != 0) pm_fail("munmap");
  pm_open(4096);
  pthread_create(&thread, NULL, store, NULL);
  pthread_join(thread, NULL);
  SFENCE();
  _exit(0);
}""", cflags=["-pthread"])
    done = pmemcheck([program], options=["--explain=yes"])
    assert "Number of stores not made persistent: 2\n" in done.log, done
    assert "first fence after it" not in done.log, done


# What the finding says has to be true of a flush of durable bytes, whatever made them durable.
@pytest.mark.parametrize("before_flush,options", [
    ("", []),
    ("PM(uint64_t, 0) = 1; CLWB(PM_BASE); SFENCE();", []),
    ("PM(uint64_t, 0) = 1;", ["--domain=eadr"]),
])
def test_an_unnecessary_flush_is_explained_without_denying_a_store(pmemcheck, guest, before_flush,
                                                                   options):
    program = guest("""
#include "guest.h"
int main(void) {
  pm_open(4096);
  %s
  CLWB(PM_BASE);
  SFENCE();
  _exit(0);
}""" % before_flush)
    done = pmemcheck([program], options=["-q", "--flush-check=yes", "--explain=yes", *options])
    assert "Number of unnecessary flushes: 1\n" in done.log, done
    hints = [line.strip() for line in done.log.splitlines() if "hint:" in line]
    assert [re.sub("^==[0-9]+== +", "", hint) for hint in hints] == [
        "hint: drop the flush, or check its address: no store in its range was waiting for a flush"
    ], done
