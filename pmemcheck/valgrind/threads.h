// threads.h: which thread is running, and which system call each one is making.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/types.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::threads {

namespace detail {
extern constinit ThreadNo g_running;
extern constinit ThreadId g_running_tid;
}  // namespace detail

// Call once, when the options are final, before any other function here.
void start();
// Asks the core to report threads that are created and that run.
void track_events();

// RETURNS: the number of the thread that is running.  Numbers are never used again.
inline ThreadNo running() {
  return detail::g_running;
}
// RETURNS: Valgrind's id of the running thread.  Ids are used again when their thread has ended.
inline ThreadId running_tid() {
  return detail::g_running_tid;
}
// RETURNS: the number of `tid`, which need not be the running thread: it may be returning from a
// call that blocked.
ThreadNo number_of(ThreadId tid);

// A thread has ended.  RETURNS: whether it was the last one.
bool ended();

// `tid` enters the system call `number`.
void enter_call(ThreadId tid, UInt number);
// RETURNS: the stack of `tid`, with the system call that it is making at the top.
StackId stack_of_call(ThreadId tid);

}  // namespace pmemcheck::threads
