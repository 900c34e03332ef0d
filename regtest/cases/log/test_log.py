# SPDX-License-Identifier: GPL-2.0-or-later
"""The log of stores: the records of real runs, read back."""

import re

import pytest

from harness import log
from harness.case import PM_BASE

BODY = r"""
#include "guest.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>

#define ASM(instruction, offset) \
  __asm__ volatile(instruction : "=m"(PM(char, offset)) : : "memory", "rax", "rdx", "xmm0")

BEFORE

int main(void) {
  pm_map(8192);
  VALGRIND_PMC_EMIT_LOG("<");
  BODY
  VALGRIND_PMC_EMIT_LOG(">");
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE, 8192);
  DUMP
  _exit(0);
}
"""
OPEN = "VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 8192);"
DUMP = """int f = open("memory", O_CREAT | O_WRONLY, 0600);
  if (write(f, PM_BASE, 8192) != 8192) _exit(98);"""


def with_body(body, before="", dump=""):
    """RETURNS: the text of a guest."""
    return BODY.replace("BODY", body).replace("BEFORE", before).replace("DUMP", dump)


@pytest.fixture
def logged(guest, pmemcheck, tmp_path):
    """Builds and runs a guest with `body` in its main.  RETURNS: the records that body made, without
    the fences of locked instructions before and after it."""

    def run(body, *options, before="", dump="", **how):
        done = pmemcheck([guest(with_body(body, before, dump), **how)],
                         options=["--log-stores=yes", *options])
        assert (done.status, done.stderr) == (0, ""), done
        said = done.parsed()
        assert said.messages == [], done
        run.report, run.done, run.pieces = said.reports[-1], done, said.stores
        return between(log.parse(said.stores))

    return run


def between(records):
    texts = [r.text for r in records if r.kind == "TEXT"]
    assert texts[0] == "<" and texts[-1] == ">", records
    outside = {r.kind for r in records[:records.index(MARK)]}
    assert outside <= {"FENCE"}, records
    return records[records.index(MARK) + 1:len(records) - 1 - records[::-1].index(END_MARK)]


MARK, END_MARK = log.Record("TEXT", text="<"), log.Record("TEXT", text=">")


def stores(records):
    return [r.short() for r in records if r.kind == "STORE"]


def short(records):
    return [r.short() for r in records]


def store(at, value, size):
    return ("STORE", PM_BASE + at, value, size)


# A statement of a guest, and the records that it makes.
STORES = [
    ("PM(uint8_t, 3) = 0xab", [store(3, 0xAB, 1)]),
    ("PM(uint16_t, 3) = 0x1234", [store(3, 0x1234, 2)]),
    ("PM(uint32_t, 4) = 0xdeadbeef", [store(4, 0xDEADBEEF, 4)]),
    ("PM(uint64_t, 8) = 0x0123456789abcdef", [store(8, 0x0123456789ABCDEF, 8)]),
    ("PM(uint64_t, 8) = 0", [store(8, 0, 8)]),
    ("PM(uint64_t, 8) = -1", [store(8, 2**64 - 1, 8)]),
    ("PM(uint64_t, 61) = 0x0102030405060708", [store(61, 0x0102030405060708, 8)]),
    ('ASM("mov $0x1122334455667788, %%rax; movq %%rax, %%xmm0; punpcklqdq %%xmm0, %%xmm0;'
     ' movups %%xmm0, %0", 5)',
     [store(5, 0x1122334455667788, 8), store(13, 0x1122334455667788, 8)]),
    ('ASM("mov $7, %%rax; vmovq %%rax, %%xmm0; vmovups %%ymm0, %0", 64)',
     [store(64, 7, 8), store(72, 0, 8), store(80, 0, 8), store(88, 0, 8)]),
    ('ASM("fld1; fstpt %0", 16)', [store(16, 1 << 63, 8), store(24, 0x3FFF, 2)]),
    ('ASM("mov $9, %%eax; movnti %%rax, %0", 32)', [store(32, 9, 8)]),
    ('PM(uint64_t, 0) = 5; ASM("mov $2, %%eax; lock xaddq %%rax, %0", 0)',
     [store(0, 5, 8), store(0, 7, 8)]),
    ('ASM("mov $0, %%eax; mov $4, %%edx; lock cmpxchgl %%edx, %0", 0)', [store(0, 4, 4)]),
    ('ASM("mov $1, %%eax; mov $4, %%edx; lock cmpxchgl %%edx, %0", 0)', []),
    ('ASM("mov $3, %%eax; xchgw %%ax, %0", 2)', [store(2, 3, 2)]),
]


@pytest.mark.parametrize("statement,wanted", STORES, ids=[row[0] for row in STORES])
def test_each_store_is_logged_with_its_value(logged, statement, wanted):
    records = logged(OPEN + statement + ";")
    assert stores(records) == wanted
    assert {r.kind for r in records} <= {"STORE", "FENCE"}  # a locked instruction is a fence


def test_fxsave_is_logged_in_records_of_8_bytes(logged, tmp_path):
    records = logged(OPEN + 'ASM("fxsave %0", 512);', dump=DUMP)
    assert {r.kind for r in records} == {"STORE"}
    touched = {a - PM_BASE for r in records for a in range(r.address, r.address + r.size)}
    # FXSAVE may leave the last bytes of its area alone.
    assert set(range(512, 512 + 416)) <= touched <= set(range(512, 1024))
    memory = log.replay(records, bytearray(8192), PM_BASE)
    assert memory == (tmp_path / "memory").read_bytes()


def test_stores_to_volatile_memory_are_not_logged(logged):
    assert logged("PM(uint64_t, 0) = 1;") == []


def test_a_store_is_logged_even_if_overwritten_or_discarded_later(logged):
    body = OPEN + """
      PM(uint64_t, 0) = 1; PM(uint64_t, 0) = 1; PM(uint64_t, 0) = 2;
      VALGRIND_PMC_SET_CLEAN(PM_BASE, 64);
      VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE, 64);
      PM(uint64_t, 0) = 3;
      PM(uint64_t, 64) = 4;"""
    assert short(logged(body)) == [store(0, 1, 8), store(0, 1, 8), store(0, 2, 8),
                                   store(64, 4, 8)]


def test_flushes_and_fences_are_logged_in_their_order(logged):
    body = OPEN + """
      PM(uint64_t, 8) = 1; CLWB(PM_BASE + 8); SFENCE();
      PM(uint64_t, 136) = 2; CLFLUSHOPT(PM_BASE + 136); MFENCE();
      CLWB(PM_BASE + 70); CLWB(PM_BASE + 127);
      VALGRIND_PMC_DO_FLUSH(PM_BASE + 4, 100); VALGRIND_PMC_DO_FENCE;"""
    assert short(logged(body)) == [
        store(8, 1, 8), ("FLUSH", PM_BASE, 64), ("FENCE",),
        store(136, 2, 8), ("FLUSH", PM_BASE + 128, 64), ("FENCE",),
        ("FLUSH", PM_BASE + 64, 64), ("FLUSH", PM_BASE + 64, 64),
        ("FLUSH", PM_BASE + 4, 100), ("FENCE",)]


def test_clflush_is_logged_as_a_flush_of_its_line(logged):
    records = logged(OPEN + "PM(uint64_t, 8) = 1; CLFLUSH(PM_BASE + 8);")
    assert [r for r in short(records) if r[0] == "FLUSH"] == [("FLUSH", PM_BASE, 64)]


def test_lfence_is_not_logged(logged):
    assert logged(OPEN + "LFENCE();") == []


def test_do_flush_is_logged_after_alignment(logged):
    body = OPEN + "VALGRIND_PMC_DO_FLUSH(PM_BASE + 60, 8);"
    assert short(logged(body, "--flush-align=yes")) == [("FLUSH", PM_BASE, 128)]


def test_with_isa_rec_no_only_requests_are_logged_as_flushes_and_fences(logged):
    body = OPEN + "CLWB(PM_BASE); SFENCE(); VALGRIND_PMC_DO_FLUSH(PM_BASE, 8);"
    assert short(logged(body, "--isa-rec=no")) == [("FLUSH", PM_BASE, 8)]


def test_emit_log_texts_are_logged_unchanged(logged):
    body = """
      VALGRIND_PMC_EMIT_LOG("BEGIN test");
      VALGRIND_PMC_EMIT_LOG("a;b");
      VALGRIND_PMC_EMIT_LOG("50% %s %d\\\\n");"""
    body += f'VALGRIND_PMC_EMIT_LOG("{"x" * 20000}"); VALGRIND_PMC_EMIT_LOG("END");'
    assert [r.text for r in logged(body)] == [
        "BEGIN test", "a;b", "50% %s %d\\n", "x" * 20000, "END"]


def test_deep_sync_is_logged_with_its_range(logged):
    body = "VALGRIND_PMC_DEEP_SYNC(PM_BASE + 64, 4096); VALGRIND_PMC_DEEP_SYNC(PM_BASE, 1);"
    assert short(logged(body)) == [("DEEP_SYNC", PM_BASE + 64, 4096), ("DEEP_SYNC", PM_BASE, 1)]


def test_a_registered_file_is_logged_with_its_real_path(logged, tmp_path):
    real = (tmp_path / "real").resolve()
    (real / "deep").mkdir(parents=True)
    (real / "deep" / "pool").write_text("")
    (tmp_path / "link").symlink_to(real / "deep" / "pool")
    (tmp_path / "dir").symlink_to(real)
    body = """
      VALGRIND_PMC_REGISTER_PMEM_FILE(open("link", O_RDWR), PM_BASE, 0x1000, 0x2000);
      VALGRIND_PMC_REGISTER_PMEM_FILE(open("dir/../dir/deep/pool", O_RDWR), PM_BASE + 64, 1, 0);
      VALGRIND_PMC_REGISTER_PMEM_FILE(-1, PM_BASE, 4096, 0);
      VALGRIND_PMC_REGISTER_PMEM_FILE(1000, PM_BASE, 4096, 0);"""
    path = str(real / "deep" / "pool")
    assert short(logged(body)) == [("REGISTER_FILE", path, PM_BASE, 0x1000, 0x2000),
                                   ("REGISTER_FILE", path, PM_BASE + 64, 1, 0)]


def test_a_log_without_records_has_start_and_stop(logged):
    assert logged("") == []
    (line,) = logged.pieces
    assert re.fullmatch(r"START(\|FENCE)*\|<\|>(\|FENCE)*\|STOP", line), line


def test_nothing_is_logged_without_log_stores(guest, pmemcheck):
    program = guest(with_body(OPEN + "PM(uint64_t, 0) = 1;"))
    for options in ([], ["--log-stores=no"], ["--log-stores-stacktraces=yes"]):
        done = pmemcheck([program], options=options)
        assert done.parsed().stores == [] and "START" not in done.log, done


CALLS = """
static void innermost(void) { PM(uint64_t, 0) = 1; PM(uint16_t, 8) = 2; }
static void middle(void) { innermost(); }
static void outer(void) { middle(); }
"""


@pytest.mark.parametrize("depth,wanted", [
    (None, ["innermost"]),
    (1, ["innermost"]),
    (2, ["innermost", "middle"]),
    (3, ["innermost", "middle", "outer"]),
    (4, ["innermost", "middle", "outer", "main"]),
    (50, ["innermost", "middle", "outer", "main"]),  # the stack has no more
    (500, ["innermost", "middle", "outer", "main"]),
], ids=["default depth", *(f"depth {n}" for n in (1, 2, 3, 4, 50, 500))])
def test_store_records_have_as_many_frames_as_depth_and_stack_allow(logged, depth, wanted):
    options = ["--log-stores-stacktraces=yes"]
    options += [f"--log-stores-stacktraces-depth={depth}"] if depth else []
    records = logged(OPEN + "outer();", *options, before=CALLS)
    assert short(records) == [store(0, 1, 8), store(8, 2, 2)]
    for r in records:
        assert [f[0] for f in r.frames] == wanted, records
        assert all(f[1] == "guest.c" and f[2] for f in r.frames), records


def test_each_record_of_a_wide_store_has_its_frames(logged):
    body = OPEN + 'ASM("movups %%xmm0, %0", 0);'
    records = logged(body, "--log-stores-stacktraces=yes")
    assert [[f[0] for f in r.frames] for r in records] == [["main"]] * 2


def test_the_depth_alone_logs_no_frames(logged):
    (record,) = logged(OPEN + "PM(uint64_t, 0) = 1;", "--log-stores-stacktraces=no",
                       "--log-stores-stacktraces-depth=9")
    assert record.frames == ()


def test_only_store_records_have_frames(logged):
    body = OPEN + "CLWB(PM_BASE); SFENCE(); VALGRIND_PMC_EMIT_LOG(\"text\");"
    assert short(logged(body, "--log-stores-stacktraces=yes")) == [
        ("FLUSH", PM_BASE, 64), ("FENCE",), ("TEXT", "text")]


def test_the_log_is_complete_with_reports_in_the_middle(logged):
    body = OPEN + """
      PM(uint64_t, 0) = 1;
      VALGRIND_PMC_WRITE_STATS;
      VALGRIND_PMC_WRITE_STATS;
      PM(uint64_t, 64) = 2;
      VALGRIND_PMC_WRITE_STATS;
      PM(uint64_t, 128) = 3;"""
    assert short(logged(body)) == [store(0, 1, 8), store(64, 2, 8), store(128, 3, 8)]
    reports = logged.done.parsed().reports
    assert [len(r.lost) for r in reports] == [1, 1, 2, 3]


def test_the_log_is_complete_with_messages_in_the_middle(guest, pmemcheck):
    body = OPEN + """
      PM(uint64_t, 0) = 1;
      VALGRIND_PMC_PRINT_PMEM_MAPPINGS;
      PM(uint64_t, 8) = 2;
      VALGRIND_DO_CLIENT_REQUEST_EXPR(0, VG_USERREQ__PMC_RESERVED2, 0, 0, 0, 0, 0);
      VALGRIND_PRINTF("the program's own words\\n");
      PM(uint64_t, 16) = 3;"""
    program = guest(with_body(body))
    done = pmemcheck([program], options=["--log-stores=yes"])
    lines = [re.sub(r"^(==|\*\*)\d+\1 ", "", line) for line in done.log.splitlines()]
    assert "[0] Mapping base: 0x200000000\tsize: 8192" in lines, done
    assert "Warning: deprecated pmemcheck client request code 0x50430009" in lines, done
    assert "the program's own words" in lines, done
    pieces = [line for line in lines if line.startswith(("START", "|"))]
    assert stores(log.parse(pieces)) == [store(0, 1, 8), store(8, 2, 8), store(16, 3, 8)]


def test_the_log_ends_before_the_report(logged):
    logged(OPEN + "PM(uint64_t, 0) = 1;")
    text = logged.done.log
    assert text.count("START") == text.count("|STOP") == 1
    assert text.index("|STOP\n") < text.index("Number of stores not made persistent")
    (line,) = [x for x in text.splitlines() if "START" in x]
    wanted = r"==\d+== START(\|FENCE)*\|<\|STORE;0x200000000;0x1;0x8\|>(\|FENCE)*\|STOP"
    assert re.fullmatch(wanted, line), line


def test_the_log_ends_with_stop_without_a_report(guest, pmemcheck):
    body = OPEN + "PM(uint64_t, 0) = 1;"
    program = guest(with_body(body))
    for options in (["--print-summary=no"], ["--print-summary=no", "-q"]):
        done = pmemcheck([program], options=["--log-stores=yes", *options])
        said = done.parsed(preamble="-q" not in options)
        assert said.reports == []
        assert stores(log.parse(said.stores)) == [store(0, 1, 8)]


def test_stores_of_64_threads_are_all_logged(logged):
    before = """
static void* worker(void* number) {
  for (long i = 0; i < 10; i++) PM(uint64_t, (long)number * 80 + i * 8) = (uint64_t)i;
  return NULL;
}"""
    body = OPEN + """
      pthread_t thread[64];
      for (long i = 0; i < 64; i++) pthread_create(&thread[i], NULL, worker, (void*)i);
      for (int i = 0; i < 64; i++) pthread_join(thread[i], NULL);"""
    records = [r for r in short(logged(body, before=before)) if r[0] == "STORE"]
    assert sorted(records) == [store(t * 80 + i * 8, i, 8) for t in range(64) for i in range(10)]


# Random stores of every kind.
MIXED = """
      srand(7);
      for (long i = 0; i < 3000; i++) {
        long at = rand() % 8000;
        switch (rand() % 12) {
          case 0: PM(uint8_t, at) = (uint8_t)rand(); break;
          case 1: PM(uint16_t, at) = (uint16_t)rand(); break;
          case 2: PM(uint32_t, at) = (uint32_t)rand(); break;
          case 3: PM(uint64_t, at) = (uint64_t)rand() << 33 ^ (uint64_t)rand(); break;
          case 4: memset(PM_BASE + at, rand(), (size_t)(rand() % 150)); break;
          case 5: memmove(PM_BASE + at, PM_BASE + rand() % 8000, (size_t)(rand() % 150)); break;
          case 6: ASM("rdtsc; cvtsi2sd %%rax, %%xmm0; movups %%xmm0, %0", at); break;
          case 7: ASM("rdtsc; vmovd %%eax, %%xmm0; vmovups %%ymm0, %0", at); break;
          case 8: ASM("fldpi; fstpt %0", at); break;
          case 9: ASM("fxsave %0", at / 2 / 16 * 16); break;
          case 10: ASM("lock xaddq %%rax, %0", at); break;
          case 11: __asm__ volatile("incb %0" : "+m"(PM(uint8_t, at))); break;
        }
      }"""


def test_replaying_the_log_gives_the_memory(logged, tmp_path):
    mixed = MIXED.replace("% 8000", "% 7680")
    records = logged(OPEN + mixed, dump=DUMP, cflags=["-mavx2"])
    assert len(records) > 3000
    memory = log.replay(records, bytearray(8192), PM_BASE)
    assert memory == (tmp_path / "memory").read_bytes()


def test_a_log_of_200000_stores_is_complete(logged):
    body = OPEN + "for (long i = 0; i < 200000; i++) PM(uint64_t, i % 1000 * 8) = (uint64_t)i;"
    records = logged(body)
    assert [r.value for r in records if r.kind == "STORE"] == list(range(200000))
    assert len(logged.pieces) == 1


def test_the_log_of_a_program_that_aborts_is_complete(guest, pmemcheck):
    body = OPEN + "PM(uint64_t, 0) = 1; abort();"
    program = guest(with_body(body))
    done = pmemcheck([program], options=["--log-stores=yes"])
    assert done.status == -6, done
    assert stores(log.parse(done.parsed().stores)) == [store(0, 1, 8)]


@pytest.mark.parametrize("pieces", [
    [], ["|STOP"], ["START"], ["START|STORE;0x1;0x2;0x9|STOP"], ["START|STORE;0x1;0x100;0x1|STOP"],
    ["START|STORE;0X1;0x2;0x8|STOP"], ["START|STORE;0x1;0xAB;0x8|STOP"],
    ["START|STORE;0x1;2;0x8|STOP"], ["START|STORE;0x1;0x2|STOP"], ["START|FENCE;0x1|STOP"],
    ["START|FLUSH;0x40|STOP"], ["START|REGISTER_FILE;name;0x1;0x2;0x3|STOP"],
    ["START|STOP|STOP"], ["START |FENCE|STOP"], ["START|STORE;0x1;0x2", ";0x8|STOP"],
    ["START|STORE;0x1;0x2;0x8;junk|STOP"], ["START|FENCE", "START|STOP"],
], ids=lambda pieces: " / ".join(pieces) or "no log")
def test_the_reader_of_logs_is_strict(pieces):
    with pytest.raises(log.FormatError):
        log.parse(pieces)


def test_the_reader_of_logs_accepts_the_format():
    records = log.parse(["START|STORE;0x10;0x2;0x8;0x109165: main (a.c:3);0x1: ??? (in /bin/x)"
                         "|FLUSH;0x0;0x40|FENCE", "|REGISTER_FILE;/a b;0x1;0x2;0x0",
                         "|DEEP_SYNC;0x1;0x2|any text", "|STOP"])
    assert [r.kind for r in records] == ["STORE", "FLUSH", "FENCE", "REGISTER_FILE", "DEEP_SYNC",
                                         "TEXT"]
    assert records[0].frames == (("main", "a.c", 3), ("???", None, None))
