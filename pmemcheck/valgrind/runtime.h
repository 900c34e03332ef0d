// runtime.h: what generated code and the core's events do to the machine.
//
// Floor 4.  Owns the one Machine of the run and knows which thread is running.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/model/machine.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::runtime {

// Makes the machine.  Call once, before any other function here.
void start();

Machine& machine();

// RETURNS: the number of the thread that is running, which is never given again.
ThreadNo running_thread();

// The filter's table, for generated code: see StoreFilter.
const UChar* filter_table();

// Asks the core for the events that matter here: threads starting and running, memory going away.
void track_events();

// Called by generated code.  The instruction at `ip` stored `size` bytes at `address`; of `state`,
// RSP and RBP are up to date.
void on_store(const VexGuestAMD64State* state, Addr address, UWord size, Addr ip);
// `read` is a byte of the line, loaded before: the access faults in the guest where it must.
void on_weak_flush(Addr address, UWord read);
void on_strong_flush(Addr address, UWord read);
// With --isa-rec=no a flush is no more than the load that it begins with.
void ignore_flush(UWord read);
void on_fence();

}  // namespace pmemcheck::runtime
