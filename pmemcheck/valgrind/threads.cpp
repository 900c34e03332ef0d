// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/threads.h"

#include <new>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/vector.h"
#include "pmemcheck/valgrind/stacks/stacks.h"

namespace pmemcheck::threads {

namespace detail {
constinit ThreadNo g_running = ThreadNo::None;
constinit ThreadId g_running_tid = VG_INVALID_THREADID;
}  // namespace detail

namespace {

struct Thread {
  ThreadNo number = ThreadNo::None;
  bool has_called = false;  // whether `call` is valid
  UInt call = 0;
};
constinit Vector<Thread>* g_threads = nullptr;  // by Valgrind's id
constinit std::uint32_t g_last_number = 0;
constinit std::uint32_t g_living = 0;

Thread& thread(ThreadId tid) {
  g_threads->resize_at_least(tid + 1);
  return (*g_threads)[tid];
}

void created(ThreadId, ThreadId child) {
  thread(child) = Thread{.number = ThreadNo{++g_last_number}};
  g_living++;
}

void runs(ThreadId tid, ULong) {
  if (thread(tid).number == ThreadNo::None) created(VG_INVALID_THREADID, tid);  // the first thread
  detail::g_running = (*g_threads)[tid].number;
  detail::g_running_tid = tid;
}

}  // namespace

void start() {
  g_threads = ::new (host_allocate(sizeof *g_threads, "threads")) Vector<Thread>;
}

void track_events() {
  VG_(track_pre_thread_ll_create)(created);
  VG_(track_start_client_code)(runs);
}

ThreadNo number_of(ThreadId tid) {
  return tid < g_threads->size() ? (*g_threads)[tid].number : running();
}

bool ended() {
  PM_CHECK(g_living > 0);
  return --g_living == 0;
}

void enter_call(ThreadId tid, UInt number) {
  thread(tid).call = number;
  thread(tid).has_called = true;
}

StackId stack_of_call(ThreadId tid) {
  const Thread& t = thread(tid);
  return t.has_called ? stacks::of_system_call(tid, t.call) : stacks::of_thread(tid);
}

}  // namespace pmemcheck::threads
