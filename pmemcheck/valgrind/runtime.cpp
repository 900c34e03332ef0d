// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/runtime.h"

#include <new>

#include "pmemcheck/valgrind/stacks.h"

namespace pmemcheck::runtime {

namespace {

// The filter's address is a constant in generated code, so it lives in static memory; all zero, it
// takes no room in the executable.
constinit StoreFilter g_filter = {};
constinit Machine* g_machine = nullptr;

// ---- threads ------------------------------------------------------------------------------------

// Valgrind gives a thread id again when its thread has ended; ThreadNo never.
constinit Vector<ThreadNo>* g_thread_of_tid = nullptr;
constinit std::uint32_t g_threads = 0;
constinit ThreadNo g_running = ThreadNo::None;

void thread_created(ThreadId, ThreadId child) {
  g_thread_of_tid->resize_at_least(child + 1);
  (*g_thread_of_tid)[child] = ThreadNo{++g_threads};
}

void thread_runs(ThreadId tid, ULong) {
  if (tid >= g_thread_of_tid->size() || (*g_thread_of_tid)[tid] == ThreadNo::None)
    thread_created(VG_INVALID_THREADID, tid);  // the first thread
  g_running = (*g_thread_of_tid)[tid];
}

// ---- memory -------------------------------------------------------------------------------------

void memory_mapped(Addr, SizeT, Bool, Bool, Bool executable, ULong) {
  if (executable) stacks::forget_unwindings();
}

void memory_protected(Addr, SizeT, Bool, Bool, Bool) {
  stacks::forget_unwindings();
}

void memory_gone(Addr, SizeT) {
  stacks::forget_unwindings();
}

template <class T>
T* make(const char* purpose, auto&... arguments) {
  return ::new (host_allocate(sizeof(T), purpose)) T(arguments...);
}

}  // namespace

void start() {
  g_machine = make<Machine>("machine", g_filter);
  g_thread_of_tid = make<Vector<ThreadNo>>("threads");
}

Machine& machine() {
  return *g_machine;
}

ThreadNo running_thread() {
  return g_running;
}

const UChar* filter_table() {
  return g_filter.table();
}

void track_events() {
  VG_(track_pre_thread_ll_create)(thread_created);
  VG_(track_start_client_code)(thread_runs);
  VG_(track_new_mem_mmap)(memory_mapped);
  VG_(track_change_mem_mprotect)(memory_protected);
  VG_(track_die_mem_munmap)(memory_gone);
  VG_(track_die_mem_brk)(memory_gone);
}

void on_store(const VexGuestAMD64State* state, Addr address, UWord size, Addr ip) {
  const GuestRange range = GuestRange::of(GuestAddr(address), size);
  if (!g_machine->pmem().holds(range) && !g_machine->pmem().overlaps(range)) return;
  g_machine->store(range, stacks::here(*state, ip));
}

void on_weak_flush(Addr address, UWord) {
  g_machine->flush_line(g_running, LineAddr::holding(GuestAddr(address)), FlushOrder::Weak);
}

void on_strong_flush(Addr address, UWord) {
  g_machine->flush_line(g_running, LineAddr::holding(GuestAddr(address)), FlushOrder::Strong);
}

void ignore_flush(UWord) {}

void on_fence() {
  g_machine->fence(g_running);
}

}  // namespace pmemcheck::runtime
