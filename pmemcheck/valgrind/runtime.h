// runtime.h: what generated code and the core's events do to the machine.
//
// Floor 4.  Owns the machine and the transactions of the run, and knows which thread is running.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/model/barriers.h"
#include "pmemcheck/model/machine.h"
#include "pmemcheck/model/orders.h"
#include "pmemcheck/model/transaction.h"
#include "pmemcheck/valgrind/stacks/stacks.h"
#include "pmemcheck/valgrind/translate/store_site.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::runtime {

// Makes the machine.  Call once, when the options are final, before any other function here.
void start();

// Asks the core for the events that matter here: threads starting and running, forks.
void track_events();

Machine& machine();
Transactions& transactions();
// What the program wants durable before something else.
Orders& orders();
// The barriers that stores wait for, or null where nobody is told of them.
Barriers* barriers();

// RETURNS: the number of the thread that is running, which is never given again.
ThreadNo running_thread();

// RETURNS: whether this process has stored to persistent memory itself, and not the one that it was
// forked from.
bool has_stored();

// The kernel stored on behalf of `thread`.
void kernel_store(ThreadId thread, GuestRange range, StackId stack);
// The kernel has made durable what was stored to `range`.
void persist(GuestRange range);

// The running thread says that it flushed.
void flush_range(ThreadId thread, GuestRange range);
// The running thread fenced, by an instruction or by its word.
void fence();
// The same, as `thread`, to Valgrind, says.
void fence_by_request(ThreadId thread);
// The running thread, which is `thread` to Valgrind, is where it may mean stores to be durable.
void note_barrier(ThreadId thread, BarrierKind kind);

// The filter's table, for generated code: see StoreFilter.
const UChar* filter_table();

// A run that generated code tells of, and what its stacks were.
struct KnownRun {
  StoreRun run;
  stacks::RunStacks stacks;
};

// Called by generated code, of the instruction at `ip` or `site`, a StoreSite.  Of `state`, RSP and
// RBP are up to date.
void on_store(const VexGuestAMD64State* state, Addr address, UWord site);
void on_nt_store(const VexGuestAMD64State* state, Addr address, UWord site);
// The stores of a run, `root` being the address that they are near.
void on_stores(VexGuestAMD64State* state, Addr root, KnownRun* known);
// Of the bytes, only those whose bit in `mask` is set were stored.  REQUIRES: size <= 16.
void on_masked_nt_store(const VexGuestAMD64State* state, Addr address, UWord size, UWord mask,
                        Addr ip);
// `read` is a byte of the line, loaded before: the access faults in the guest where it must.
void on_weak_flush(const VexGuestAMD64State* state, Addr address, UWord read, Addr ip);
void on_strong_flush(const VexGuestAMD64State* state, Addr address, UWord read, Addr ip);
// The same as fence(), where somebody wants to know the stack: of an instruction that is meant for
// a fence, and of a locked one.
void on_fence(const VexGuestAMD64State* state, Addr ip);
void on_locked_fence(const VexGuestAMD64State* state, Addr ip);
// With --isa-rec=no a flush is no more than the load that it begins with.
void ignore_flush(UWord read);

// How many superblocks the program has executed; counted by generated code, and only for --indiff.
extern constinit ULong g_superblocks;

}  // namespace pmemcheck::runtime
