# SPDX-License-Identifier: GPL-2.0-or-later
"""--trace: the records that a run writes to its file."""

import os
import re
import signal
import subprocess
import time

import pytest

from harness import place, run, trace
from harness.case import PM_BASE


@pytest.fixture
def traced(guest, pmemcheck, tmp_path):
    """RETURNS: a function that builds a guest with `body` in its main, runs it with --trace, and returns the
    records."""

    def go(body, *options, before="", status=0, log="", **how):
        text = f'#include "guest.h"\n{before}\nint main(void) {{\n{body}\n}}\n'
        done = pmemcheck([guest(text)], options=["--trace=run.trace", "--print-summary=no", *options],
                         **how)
        assert (done.status, done.stderr) == (status, ""), done
        assert re.search(log, done.log), done
        go.done = done
        records, is_cut = trace.read((tmp_path / "run.trace").read_bytes())
        assert not is_cut and records[-1].kind == "End"
        trace.check(records)
        return records

    return go


def kinds(records):
    return [r.kind for r in records if r.kind not in ("Stack", "Rules", "Map", "Contents")]


def test_each_event_of_a_run_gives_a_record(traced):
    records = traced("""pm_open(8192);
  VALGRIND_PMC_EMIT_LOG("begin");
  PM(uint64_t, 64) = 42;
  CLWB(PM_BASE + 70);
  SFENCE();
  PM(uint32_t, 4) = 7;
  CLFLUSH(PM_BASE);
  SFENCE(); /* nothing waits for it */
  __asm__ volatile("movnti %1, %0" : "=m"(PM(uint64_t, 128)) : "r"(5L));
  __asm__ volatile("lock; incl %0" : "+m"(*(volatile int*)&(int){0}));
  VALGRIND_PMC_DO_FLUSH(PM_BASE, 10);
  VALGRIND_PMC_DO_FENCE;
  VALGRIND_PMC_SET_CLEAN(PM_BASE, 10);
  VALGRIND_PMC_NAME_RANGE(PM_BASE + 8, 24, "log.head");
  VALGRIND_PMC_NAME_RANGE(PM_BASE - 64, 8, "not persistent");
  VALGRIND_PMC_REMOVE_PMEM_MAPPING(PM_BASE, 8192);
  PM(uint64_t, 64) = 1;
  END();""")
    assert kinds(records) == ["Marker", "Thread", "Store", "WeakFlush", "Fence", "Store",
                              "StrongFlush", "NtStore", "Fence", "WeakFlush", "Fence", "Persist",
                              "Name", "Unmap", "End"]
    marker, _, store, flush, fence, narrow, strong, nt, *_ = [r for r in records
                                                              if r.kind in kinds(records)]
    assert marker.text == "begin"
    assert (store.address, store.data, store.thread) == (PM_BASE + 64, b"\x2a" + bytes(7), 1)
    assert (flush.address, flush.bytes) == (PM_BASE + 64, 64)
    assert (narrow.address, narrow.data) == (PM_BASE + 4, b"\7\0\0\0")
    assert (strong.address, strong.bytes) == (PM_BASE, 64)
    assert (nt.address, nt.data) == (PM_BASE + 128, b"\5" + bytes(7))
    name, = (r for r in records if r.kind == "Name")
    assert (name.address, name.bytes, name.text) == (PM_BASE + 8, 24, "log.head")
    words = {r.stack: r.text for r in records if r.kind == "Stack"}
    # The body of the guest's main begins in line 4.
    for record, line in ((store, 6), (flush, 7), (fence, 8), (narrow, 9), (strong, 10), (nt, 12)):
        assert f"main (guest.c:{line})" in words[record.stack], record
    (shown,) = [r for r in records if r.kind == "Map"]
    assert (shown.address, shown.bytes, shown.text) == (PM_BASE, 8192, "")


STORES = """
  int fd = pm_map_file(65536);
  for (int i = 0; i < 65536; i += 24) pwrite(fd, "content", 7, i);
  MAPPED
  PM(uint8_t, 3) = 1;
  PM(uint16_t, 63) = 0x1234;
  PM(uint64_t, 4093) = 0x1122334455667788;
  __asm__ volatile("movups %%xmm0, %0" : "=m"(PM(char, 8190)) : : "memory");
  __asm__ volatile("pcmpeqd %%xmm1, %%xmm1; movntdq %%xmm1, %0" : "=m"(PM(char, 8256)) : : "memory", "xmm1");
  __asm__ volatile("fxsave %0" : "=m"(PM(char, 16384)) : : "memory");
  lseek(fd, 0, SEEK_SET);
  if (read(fd, PM_BASE + 20000, 5000) != 5000) return 1;
  memset(PM_BASE + 30000, 7, 3000);
  memcpy(PM_BASE + 40001, PM_BASE + 30000, 3000);
  PM(uint64_t, 65536) = 1; /* not persistent */
  END();"""


@pytest.mark.parametrize("mapped", [
    "VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 65536);",
    "VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 65536);"
    "VALGRIND_PMC_REGISTER_PMEM_FILE(fd, PM_BASE, 65536, 0);",
    "VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 4096);"
    "VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 65536);",
], ids=["mapping", "and-file", "twice"])
def test_a_replayed_trace_gives_the_contents_of_the_file(traced, tmp_path, mapped):
    records = traced("mmap(PM_BASE + 65536, 4096, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);"
                     + STORES.replace("MAPPED", mapped))
    assert trace.replay(records) == {str(tmp_path / "pool"): (tmp_path / "pool").read_bytes()}


def test_a_found_mapping_is_recorded_with_its_offset(traced, tmp_path):
    records = traced("""int fd = pm_map_file(65536);
  if (munmap(PM_BASE, 65536) || pwrite(fd, "x", 1, 12288) != 1) return 1;
  char* p = mmap(PM_BASE, 8192, 3, MAP_SHARED | MAP_FIXED, fd, 8192);
  p[5] = 1;
  p = mremap(p, 8192, 16384, MREMAP_MAYMOVE | MREMAP_FIXED, PM_BASE + (1 << 20));
  p[6] = 2;
  p[8192] = 3;
  munmap(p + 4096, 4096);
  p[12288] = 4;
  END();""", f"--pmem-file={tmp_path}/pool")
    content = trace.replay(records)[str(tmp_path / "pool")]
    assert content == (tmp_path / "pool").read_bytes()[:len(content)]
    assert [r.fields for r in records if r.kind == "Contents"] == [
        {"address": PM_BASE + 4096, "data": b"x" + bytes(4095)}]
    files = [r for r in records if r.kind == "Map"]
    assert {r.file_bytes for r in files} == {65536}
    assert {r.inode for r in files if r.file_offset >= 8192} == {os.stat(tmp_path / "pool").st_ino}


def test_memory_at_the_top_of_the_address_space_is_recorded_once(traced):
    records = traced("""pm_map(4096);
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(~0ul - 64, ~0ul);
  END();""")
    top = 2**64 - 1 - 64
    assert [r.bytes for r in records if r.kind == "Map" and r.address == top] == [64]


def test_empty_pages_take_no_room_in_the_trace(traced, tmp_path):
    body = """int fd = pm_map_file(1UL << 34);
  if (pwrite(fd, "x", 1, 1UL << 33) != 1) return 1;
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 1UL << 34);
  char* q = mmap(NULL, 1UL << 34, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  q[1UL << 33] = 'y';
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(q, 1UL << 34);
  END();"""
    contents = [r for r in traced(body) if r.kind == "Contents"]
    assert [r.data.strip(b"\0") for r in contents] == [b"x", b"y"]
    assert (tmp_path / "pool").stat().st_blocks < 100


def test_records_name_the_thread_that_acted(traced):
    records = traced("""pm_open(4096);
  pthread_t t;
  pthread_create(&t, NULL, other, NULL);
  pthread_join(t, NULL);
  PM(uint64_t, 64) = 2;
  CLWB(PM_BASE + 64);
  SFENCE();
  END();""", before="""#include <pthread.h>
static void* other(void* p) {
  PM(uint64_t, 0) = 1;
  CLWB(PM_BASE);
  return p;
}""")
    assert [(r.kind, r.thread) for r in records if r.kind in ("Store", "WeakFlush", "Fence")][:2] == [
        ("Store", 2), ("WeakFlush", 2)]
    mine = [(r.kind, r.thread) for r in records if r.thread == 1]
    assert ("Store", 1) in mine and mine[-2][0] == "Fence"


def test_msync_of_a_found_mapping_is_recorded(traced, tmp_path):
    records = traced("""pm_open(4096);
  PM(uint64_t, 0) = 1;
  msync(PM_BASE, 4096, MS_SYNC);
  END();""", f"--pmem-file={tmp_path}/pool", PM_FOUND="1")
    (synced,) = [r for r in records if r.kind == "Persist"]
    assert (synced.address, synced.bytes) == (PM_BASE, 4096)


@pytest.mark.parametrize("name,traces", [("run.trace", 1), ("run.%p.trace", 2)])
def test_a_forked_child_has_a_trace_of_its_own_only_with_p_in_the_name(guest, pmemcheck, tmp_path, name, traces):
    program = guest("""#include "guest.h"
#include <sys/wait.h>
int main(void) {
  close(pm_map_file(4096));
  VALGRIND_PMC_REGISTER_PMEM_MAPPING(PM_BASE, 4096);
  PM(char, 0) = 'a';
  if (fork() == 0) {
    PM(char, 1) = 'b';
    _exit(0);
  }
  wait(NULL);
  PM(char, 2) = 'c';
  END();
}""")
    done = pmemcheck([program], options=[f"--trace={name}", "--print-summary=no"])
    assert done.status == 0, done
    files = sorted(tmp_path.glob("run.*trace"))
    assert len(files) == traces
    stored = []
    for file in files:
        records, is_cut = trace.read(file.read_bytes())
        trace.check(records)
        assert not is_cut
        stored.append(b"".join(r.data for r in records if r.kind == "Store"))
        if stored[-1] == b"b":
            assert trace.replay(records)[str(tmp_path / "pool")][:2] == b"ab"
    assert sorted(stored) == ([b"ac", b"b"] if traces == 2 else [b"ac"])


def test_exec_ends_a_trace_unless_it_fails(traced):
    records = traced("""pm_open(4096);
  PM(char, 0) = 'a';
  char* none[] = {NULL};
  execve("/dev/null", none, none);
  PM(char, 1) = 'b';
  execve("/bin/true", (char*[]){"true", NULL}, none);
  return 1;""")
    assert [r.data for r in records if r.kind == "Store"] == [b"a", b"b"]


ENDLESS = """#include "guest.h"
int main(void) {
  pm_open(1 << 20);
  for (long i = 0; i < LIMIT; i++) {
    PM(uint64_t, i * 64 % (1 << 20)) = i;
    CLWB(PM_BASE + i * 64 % (1 << 20));
    SFENCE();
  }
  END();
}"""


def test_a_killed_run_leaves_every_record_up_to_then(guest, tmp_path):
    program = guest(ENDLESS.replace("LIMIT", "1L << 60"))
    file = tmp_path / "run.trace"
    command = [place.VALGRIND, "--tool=pmemcheck", "-q", f"--trace={file}", program]
    with subprocess.Popen(command, env=run.environment(tmp_path,
                                                       VALGRIND_LIB=str(place.VALGRIND_LIB))) as p:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and (not file.exists() or file.stat().st_size < 300000):
            time.sleep(0.01)
        p.send_signal(signal.SIGKILL)
    records, _ = trace.read(file.read_bytes())
    trace.check(records)
    stored = [int.from_bytes(r.data, "little") for r in records if r.kind == "Store"]
    assert len(stored) > 1000 and stored == list(range(len(stored)))


# Exits with 0 if it got the signal for its own write, once, and none for the trace's.
SIGNALLED = """#include "guest.h"
#include <errno.h>
#include <signal.h>
static volatile int caught;
static void note(int number) { caught += number == SIGXFSZ; }
int main(int argc, char** argv) {
  (void)argv;
  if (argc > 1) signal(SIGXFSZ, note);
  pm_open(1 << 20);
  for (long i = 0; i < 30000; i++) {
    PM(uint64_t, i * 64 % (1 << 20)) = i;
    CLWB(PM_BASE + i * 64 % (1 << 20));
    SFENCE();
  }
  usleep(1000); /* delivers a pending signal */
  if (caught) return 3;
  if (argc > 1) {
    int fd = open("own", O_RDWR | O_CREAT, 0600);
    if (pwrite(fd, "x", 1, 1 << 20) != -1 || errno != EFBIG) return 4;
    if (caught != 1) return 5;
  }
  END();
}"""


@pytest.mark.parametrize("arguments", [[], ["with handlers"]], ids=["default", "handlers"])
@pytest.mark.parametrize("limit", [1024, 128 * 1024])
def test_a_limit_on_the_trace_gives_one_warning_and_the_run_continues(guest, tmp_path, arguments, limit):
    done = run.execute(["prlimit", f"--fsize={limit}", place.VALGRIND, "--tool=pmemcheck",
                        "--trace=run.trace", guest(SIGNALLED), *arguments],
                       tmp_path, VALGRIND_LIB=str(place.VALGRIND_LIB))
    assert done.status == 0, done
    message, = (line for line in done.stderr.splitlines() if "Warning: " in line)
    assert f"{tmp_path}/run.trace cannot be written any further" in message, done
    assert "ERROR SUMMARY: 0 errors" in done.stderr
    whole = (tmp_path / "run.trace").read_bytes()
    assert len(whole) == limit
    records, _ = trace.read(whole)
    assert records[-1].kind != "End"
    assert sum(r.kind == "Store" for r in records) > limit // 100


def test_a_pipe_is_refused_without_waiting_for_a_reader(guest, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    program = guest("int main(void) { return 0; }")
    done = run.execute([place.VALGRIND, "--tool=pmemcheck", "--trace=fifo", program], tmp_path,
                       VALGRIND_LIB=str(place.VALGRIND_LIB))
    assert done.status == 1 and "--trace=fifo: the file" in done.stderr, done
    assert "/fifo is a pipe: want a file" in done.stderr, done


def test_a_full_device_gives_one_warning(guest, pmemcheck):
    done = pmemcheck([guest(ENDLESS.replace("LIMIT", "10000"))], options=["--trace=/dev/full"])
    assert done.status == 0 and done.log.count("Warning: /dev/full cannot be written") == 1, done


@pytest.mark.parametrize("option,message", [
    ("--trace=/no/such/directory/t", "--trace=/no/such/directory/t: the file"),
    ("--trace=", "--trace=: want the name of a file"),
    ("--trace", "--trace: want the name of a file"),
])
def test_a_trace_that_cannot_be_created_ends_the_run(guest, tmp_path, option, message):
    program = guest("int main(void) { return 0; }")
    done = run.execute([place.VALGRIND, "--tool=pmemcheck", option, program], tmp_path,
                       VALGRIND_LIB=str(place.VALGRIND_LIB))
    assert done.status == 1 and message in done.stderr, done


def test_the_program_never_sees_the_trace(guest, pmemcheck, native, tmp_path):
    program = guest("""#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
  for (int fd = 3; fd < 1000; fd++) close(fd);
  printf("%d\\n", open("/dev/null", O_RDONLY));
}""")
    done = pmemcheck([program], options=["--trace=run.trace"])
    assert done.stdout == native([program]).stdout == "3\n"
    assert trace.read((tmp_path / "run.trace").read_bytes())[0][-1].kind == "End"
