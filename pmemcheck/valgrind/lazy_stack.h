// lazy_stack.h: a call stack that is recorded only if an observer needs it.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/stacks/stacks.h"
#include "pmemcheck/valgrind/threads.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// Valid until the program continues.
class LazyStack {
 public:
  // The stack of the running thread, which executes the instruction at `ip`.  RSP and RBP in
  // `state` are up to date.
  LazyStack(const VexGuestAMD64State& state, Addr ip) : state_(&state), ip_(ip) {}
  // The stack of a thread that is in the core, because it makes a client request or a system call.
  explicit LazyStack(ThreadId thread) : thread_(thread) {}

  StackId get() const {
    return state_ != nullptr ? stacks::here(threads::running_tid(), *state_, ip_)
                             : stacks::of_thread(thread_);
  }

 private:
  const VexGuestAMD64State* state_ = nullptr;
  Addr ip_ = 0;
  ThreadId thread_ = VG_INVALID_THREADID;
};

}  // namespace pmemcheck
