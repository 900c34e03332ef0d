// syscalls.cpp: see syscalls.h.
//
// The core knows which memory a call has written, and tells when it has: those are stores.  What
// it does not know of is not seen: what the kernel writes after the call has returned (io_uring's
// completions), and what write() does to a file that is also mapped.
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/syscalls.h"

#include <new>

#include "pmemcheck/base/host.h"
#include "pmemcheck/base/vector.h"
#include "pmemcheck/valgrind/address_space.h"
#include "pmemcheck/valgrind/files.h"
#include "pmemcheck/valgrind/reporting.h"
#include "pmemcheck/valgrind/runtime.h"
#include "pmemcheck/valgrind/stacks.h"
#include "pmemcheck/valgrind/store_log.h"

namespace pmemcheck::syscalls {

namespace {

// The call that each thread is making, or made last, by Valgrind's thread id.
constinit Vector<UInt>* g_calls = nullptr;

// msync(2) and sync_file_range(2); not in Valgrind's headers.
constexpr UWord kMsSync = 4;
constexpr UWord kWriteAndWait = 1 | 2 | 4;  // WAIT_BEFORE, WRITE, WAIT_AFTER

GuestRange range_of(UWord address, UWord bytes) {
  return GuestRange::of(GuestAddr(address), bytes);
}

GuestRange pages_of(UWord address, UWord bytes) {
  return range_of(VG_PGROUNDDN(address), VG_PGROUNDUP(bytes));
}

address_space::MmapCall mmap_call(const UWord* arguments) {
  return {.wanted = pages_of(arguments[0], arguments[1]),
          .flags = arguments[3],
          .descriptor = static_cast<Int>(arguments[4]),
          .offset = arguments[5]};
}

void persist_file(UWord descriptor, UWord offset, UWord bytes) {
  const OpenFile file(static_cast<Int>(descriptor));
  if (file.is_open()) address_space::persist_file(file.id(), offset, bytes);
}

void persist_file_system(UWord descriptor) {
  const OpenFile file(static_cast<Int>(descriptor));
  if (file.is_open()) address_space::persist_device(file.id().device);
}

// RETURNS: whether execve of `file` may well succeed.
bool may_execute(const HChar* file) {
  struct vg_stat stat;
  if (sr_isError(VG_(stat)(file, &stat))) return false;
  constexpr UInt kType = 0170000, kRegular = 0100000, kExecutable = 0111;
  return (stat.mode & kType) == kRegular && (stat.mode & kExecutable) != 0;
}

// Where it succeeds there is no later: the program is gone, and the tool with it.
void before_exec(ThreadId thread, const HChar* file) {
  if (!runtime::has_stored() || !may_execute(file)) return;
  store_log::stop();
  reporting::report_before_exec(stack_of_call(thread));
}

// execveat(2): `path` is relative to `directory`, or empty for that itself.
void before_exec_at(ThreadId thread, Int directory, const HChar* path) {
  constexpr Int kWorkingDirectory = -100;
  if (path[0] == '/' || directory == kWorkingDirectory) return before_exec(thread, path);
  HChar file[4096];
  VG_(snprintf)
  (file, sizeof file, "/proc/self/fd/%d%s%s", directory, path[0] == 0 ? "" : "/", path);
  before_exec(thread, file);
}

// RETURNS: the text at `address`; an empty one where there is none.
const HChar* text_at(Addr address) {
  const bool is_there = VG_(am_is_valid_for_client)(address, 1, VKI_PROT_READ);
  return is_there ? reinterpret_cast<const HChar*>(address) : "";
}

void before_call(ThreadId thread, UInt number, UWord* arguments, UInt) {
  g_calls->resize_at_least(thread + 1);
  (*g_calls)[thread] = number;
  switch (number) {
  case __NR_mmap: address_space::before_mmap(mmap_call(arguments)); return;
  case __NR_execve: before_exec(thread, text_at(arguments[0])); return;
  case __NR_execveat:
    before_exec_at(thread, static_cast<Int>(arguments[0]), text_at(arguments[1]));
    return;
  default: return;
  }
}

constexpr UWord kWholeFile = ~UWord{0};

void after_call(ThreadId, UInt number, UWord* arguments, UInt, SysRes result) {
  if (sr_isError(result)) {
    if (number == __NR_execve || number == __NR_execveat) store_log::go_on();
    return;
  }
  switch (number) {
  case __NR_mmap:
    address_space::after_mmap(mmap_call(arguments), GuestAddr(sr_Res(result)));
    return;
  case __NR_mremap:
    address_space::after_mremap(pages_of(arguments[0], arguments[1]),
                                pages_of(sr_Res(result), arguments[2]));
    return;
  case __NR_msync:
    if ((arguments[2] & kMsSync) != 0) address_space::persist(pages_of(arguments[0], arguments[1]));
    return;
  case __NR_fsync:
  case __NR_fdatasync: persist_file(arguments[0], 0, kWholeFile); return;
  case __NR_sync_file_range: {
    const UWord bytes = arguments[2] != 0 ? arguments[2] : kWholeFile;  // 0: to the end
    if ((arguments[3] & kWriteAndWait) == kWriteAndWait)
      persist_file(arguments[0], arguments[1], bytes);
    return;
  }
  case __NR_syncfs: persist_file_system(arguments[0]); return;
  case __NR_sync: address_space::persist_all(); return;
  default: return;
  }
}

void kernel_wrote(CorePart part, ThreadId thread, Addr address, SizeT bytes) {
  const GuestRange range = range_of(address, bytes);
  if (!runtime::machine().pmem().overlaps(range)) return;
  switch (part) {
  case Vg_CoreSysCall:
  case Vg_CoreSysCallArgInMem: runtime::kernel_store(thread, range, stack_of_call(thread)); return;
  case Vg_CoreSignal: runtime::kernel_store(thread, range, stacks::of_signal(thread)); return;
  // Not the program's doing: its start, the debugger's writes.
  case Vg_CoreStartup:
  case Vg_CoreTranslate:
  case Vg_CoreClientReq: return;
  }
}

}  // namespace

void start() {
  g_calls = ::new (host_allocate(sizeof *g_calls, "system calls")) Vector<UInt>;
}

void track_events() {
  VG_(needs_syscall_wrapper)(before_call, after_call);
  VG_(track_post_mem_write)(kernel_wrote);
}

StackId stack_of_call(ThreadId thread) {
  return thread < g_calls->size() ? stacks::of_system_call(thread, (*g_calls)[thread])
                                  : stacks::of_thread(thread);
}

}  // namespace pmemcheck::syscalls
