// stacks.h: call stacks of the guest, recorded once and known by number.
//
// Recording is what a store to persistent memory costs most.  See stacks.cpp for how an unwinding
// is used again, and only if unwinding anew would give the same stack to the letter.
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

// --num-callers goes no further, nor does --log-stores-stacktraces-depth.
inline constexpr UInt kMaxFrames = 500;

// Call once, when the options are final, before any other function here.
void start();

// RETURNS: the stack of `thread`, which executes the instruction at `ip`.  `state` holds its
// registers; of them, RSP and RBP are up to date.
StackId here(ThreadId thread, const VexGuestAMD64State& state, Addr ip);

// The stacks of a run's stores.  They are looked up again only where the first one's has changed.
struct RunStacks {
  ULong serial = 0;  // of the first store's unwinding, if the others follow from it
  StackId stacks[StoreRun::kMost] = {};
};
// Makes `known` the stacks of the stores in the run, which `thread` has just made.
// REQUIRES: RSP has been where it is since the first of them.
void of_run(ThreadId thread, const VexGuestAMD64State& state, const StoreRun& run,
            RunStacks& known);

// RETURNS: the stack of `thread`, which is in the core: it makes a client request, say.
StackId of_thread(ThreadId thread);

// RETURNS: the same, with the kernel's part in it at the top: system call `number`, or the frame of
// a signal.
StackId of_system_call(ThreadId thread, UInt number);
StackId of_signal(ThreadId thread);

// RETURNS: Valgrind's own record of a stack, which ends where the kernel begins.
ExeContext* context_of(StackId stack);

// What the kernel did on top of a stack.
enum class KernelPart : UInt {
  None = ~0u,
  Signal = ~0u - 1,
  // Anything else is the number of a system call.
};
KernelPart kernel_part_of(StackId stack);

// RETURNS: whether two stacks tell of the same place in the program: the same callers, and at the
// top the same line, or two memcpy or two memset functions.
bool same_place(StackId a, StackId b);

// RETURNS: the stack, a line a frame, the way Valgrind does.  For StackWords.
std::string_view words(void* unused, StackId stack);

// RETURNS: the same as an XML element a frame.
std::string_view xml(void* unused, StackId stack);

// RETURNS: for each of the stack's first frames, as many as the options say, ";" and its
// description.
std::string_view frames_for_log(StackId stack);

// Guest memory or code has gone or changed its meaning: what was remembered about it is void.
void forget_unwindings();

}  // namespace pmemcheck::stacks
