// stacks.h: call stacks of the guest, each recorded once, under a number.
//
// Recording its stack is the largest cost of a store to persistent memory.  stacks.cpp explains how
// an unwinding is reused, and only if a new one would give exactly the same stack.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/base/sink.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/valgrind/translate/store_site.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::stacks {

// The maximum of --num-callers and of --log-stores-stacktraces-depth.
inline constexpr UInt kMaxFrames = 500;

// Call once, when the options are final, before any other function here.
void start();

// RETURNS: the stack of `thread`, which executes the instruction at `ip`.
// REQUIRES: RSP and RBP are up to date in `state`, the registers of the thread.
StackId here(ThreadId thread, const VexGuestAMD64State& state, Addr ip);

// The stacks of the stores of a run.  They are looked up again only if the first one has changed.
struct RunStacks {
  ULong serial = 0;  // of the first store's unwinding if the others follow from it, else 0
  StackId stacks[StoreRun::kMost] = {};
};
// Makes `known` the stacks of the stores in the run, which `thread` has just made.
// REQUIRES: RSP has not changed since the first of them.
void of_run(ThreadId thread, const VexGuestAMD64State& state, const StoreRun& run,
            RunStacks& known);

// RETURNS: the stack of `thread`, which is in Valgrind's core, for example in a client request.
StackId of_thread(ThreadId thread);

// RETURNS: what of_thread() returns, with the kernel's part on top: system call `number`, or a
// signal frame.
StackId of_system_call(ThreadId thread, UInt number);
StackId of_signal(ThreadId thread);

// RETURNS: Valgrind's record of a stack, without the kernel's part.
ExeContext* context_of(StackId stack);

// What the kernel did on top of a stack.
enum class KernelPart : UInt {
  None = ~0u,
  Signal = ~0u - 1,
  // Anything else is the number of a system call.
};
KernelPart kernel_part_of(StackId stack);

// RETURNS: whether two stacks come from the same place in the program: they have the same callers,
// and on top the same line, or two memcpy or two memset functions.
bool same_place(StackId a, StackId b);

// RETURNS: the stack as text, one line for each frame, in Valgrind's format.  For StackWords.
std::string_view text(void* unused, StackId stack);

// RETURNS: the stack as XML, one element for each frame.  For StackWords.
std::string_view xml(void* unused, StackId stack);

// RETURNS: ";" and a description for each of the first frames, as many as the options say.
std::string_view frames_for_log(StackId stack);

// Guest memory or code was unmapped or replaced: forgets all unwindings.
void forget_unwindings();

}  // namespace pmemcheck::stacks
