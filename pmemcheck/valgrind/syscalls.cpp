// syscalls.cpp: see syscalls.h.
//
// The core reports the memory that a call has written; that memory counts as stored to.  Two kinds
// of writes are not seen, because the core does not know about them: those that the kernel makes
// after the call has returned (io_uring's completions), and write() to a file that is also mapped.
//
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/syscalls.h"

#include <new>
#include <string_view>

#include "pmemcheck/base/host.h"
#include "pmemcheck/base/vector.h"
#include "pmemcheck/valgrind/address_space.h"
#include "pmemcheck/valgrind/events.h"
#include "pmemcheck/valgrind/files.h"
#include "pmemcheck/valgrind/guest_memory.h"
#include "pmemcheck/valgrind/run.h"
#include "pmemcheck/valgrind/stacks/stacks.h"
#include "pmemcheck/valgrind/threads.h"
#include "pmemcheck/valgrind/translate/watching.h"

namespace pmemcheck::syscalls {

namespace {

// By Valgrind's thread id: the persistent memory that the current call has written, according to
// the core.
constinit Vector<Vector<GuestRange>>* g_written = nullptr;

// msync(2) and sync_file_range(2); not in Valgrind's headers.
constexpr UWord kMsSync = 4;
constexpr UWord kWriteAndWait = 1 | 2 | 4;  // WAIT_BEFORE, WRITE, WAIT_AFTER

// futex(2); not in Valgrind's headers.  The other commands only read the word.
constexpr UWord kFutexCommand = 127;
constexpr UWord kFutexLockPi = 6, kFutexUnlockPi = 7, kFutexTrylockPi = 8;
constexpr UWord kFutexWaitRequeuePi = 11, kFutexCmpRequeuePi = 12, kFutexLockPi2 = 13;

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

// RETURNS: whether execve of `file` will probably succeed.
bool may_execute(const HChar* file) {
  struct vg_stat stat;
  constexpr UInt kExecutable = VKI_S_IXUSR | VKI_S_IXGRP | VKI_S_IXOTH;
  return !sr_isError(VG_(stat)(file, &stat)) && VKI_S_ISREG(stat.mode) &&
         (stat.mode & kExecutable) != 0;
}

// The program may be about to execute `path`, relative to an open directory; an empty path names
// the open file itself.  A call that succeeds never returns, so everything has to be done now.
void before_exec(ThreadId thread, Int directory, std::string_view path) {
  if (path.size() >= VKI_PATH_MAX) return;
  HChar file[VKI_PATH_MAX + 64];
  SizeT used = 0;
  const bool is_here = directory == VKI_AT_FDCWD || path.starts_with('/');
  if (!is_here) used = VG_(sprintf)(file, "/proc/self/fd/%d%s", directory, path.empty() ? "" : "/");
  VG_(memcpy)(file + used, path.data(), path.size());
  file[used + path.size()] = 0;
  if (!may_execute(file)) return;
  events::exec_begins(thread);
}

// RETURNS: the part of `written` that the call has actually stored.  For some calls the core
// reports the whole buffer, or a buffer that the call only reads.
GuestRange stored_by(UInt number, const UWord* arguments, SysRes result, GuestRange written) {
  const GuestRange nothing{written.begin, written.begin};
  const UWord count = sr_isError(result) ? 0 : sr_Res(result);
  switch (number) {
  case __NR_getrandom:
  case __NR_sched_getaffinity: return written.intersection(range_of(written.begin.raw(), count));
  case __NR_wait4: return count != 0 ? written : nothing;  // no child has changed its state
  case __NR_futex:
    switch (arguments[1] & kFutexCommand) {
    case kFutexLockPi:
    case kFutexUnlockPi:
    case kFutexTrylockPi:
    case kFutexWaitRequeuePi:
    case kFutexCmpRequeuePi:
    case kFutexLockPi2: return written;
    default: return nothing;
    }
  default: return written;
  }
}

void store_what_was_written(ThreadId thread, UInt number, const UWord* arguments, SysRes result) {
  Vector<GuestRange>& all_written = (*g_written)[thread];
  for (const GuestRange written : all_written) {
    const GuestRange stored = readable_part(stored_by(number, arguments, result, written));
    if (!stored.is_empty())
      events::stored_by_kernel(thread, stored, threads::stack_of_call(thread));
  }
  all_written.clear();
}

void before_call(ThreadId thread, UInt number, UWord* arguments, UInt) {
  threads::enter_call(thread, number);
  g_written->resize_at_least(thread + 1);
  (*g_written)[thread].clear();
  switch (number) {
  case __NR_mmap: address_space::before_mmap(mmap_call(arguments)); return;
  case __NR_execve: before_exec(thread, VKI_AT_FDCWD, text_at(arguments[0])); return;
  case __NR_execveat:
    before_exec(thread, static_cast<Int>(arguments[0]), text_at(arguments[1]));
    return;
  default: return;
  }
}

// RETURNS: whether the call has installed a handler for a signal that faults raise.
bool handles_faults(const UWord* arguments) {
  switch (arguments[0]) {
  case VKI_SIGBUS:
  case VKI_SIGFPE:
  case VKI_SIGILL:
  case VKI_SIGSEGV: break;
  default: return false;
  }
  const auto* action = reinterpret_cast<const struct vki_sigaction_base*>(arguments[1]);
  return action != nullptr && action->ksa_handler != VKI_SIG_DFL &&
         action->ksa_handler != VKI_SIG_IGN;
}

constexpr UWord kWholeFile = ~UWord{0};

void after_call(ThreadId thread, UInt number, UWord* arguments, UInt, SysRes result) {
  store_what_was_written(thread, number, arguments, result);
  if (sr_isError(result)) {
    if (number == __NR_execve || number == __NR_execveat) events::exec_failed();
    return;
  }
  switch (number) {
  case __NR_mmap:
    address_space::after_mmap(mmap_call(arguments), GuestAddr(sr_Res(result)));
    return;
  case __NR_mremap:
    address_space::after_mremap(pages_of(arguments[0], arguments[1]),
                                pages_of(sr_Res(result), arguments[2]), arguments[3]);
    return;
  case __NR_rt_sigaction:
    if (handles_faults(arguments)) report_stores_singly();
    return;
  case __NR_shmat: address_space::after_shmat(GuestAddr(sr_Res(result)), arguments[2]); return;
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
  if (!run::machine().pmem().overlaps(range)) return;
  switch (part) {
  case Vg_CoreSysCall:
  case Vg_CoreSysCallArgInMem:
    if (thread < g_written->size()) (*g_written)[thread].push_back(range);
    return;
  case Vg_CoreSignal: events::stored_by_kernel(thread, range, stacks::of_signal(thread)); return;
  // No stores of the program's: they are made at its start and by the debugger.
  case Vg_CoreStartup:
  case Vg_CoreTranslate:
  case Vg_CoreClientReq: return;
  }
}

}  // namespace

void start() {
  g_written = ::new (host_allocate(sizeof *g_written, "system calls")) Vector<Vector<GuestRange>>;
}

void track_events() {
  VG_(needs_syscall_wrapper)(before_call, after_call);
  VG_(track_post_mem_write)(kernel_wrote);
}

}  // namespace pmemcheck::syscalls
