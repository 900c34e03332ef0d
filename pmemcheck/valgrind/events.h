// events.h: one verb for each thing that can happen to persistent memory.
//
// Code that sees an event (generated code, a client request, a system call, the core, the debugger)
// calls only the verb for it.  Each verb passes the event on to its observers:
//
//                          machine trans-    orders deadlines  text  trace places findings
//                                  actions                     log
//   stored                    x       -         x      x          x     x     -      x
//   flushed, fenced           x       -         -      x          x     x     -      x
//   persisted                 x       -         -      -          x     x     -      -
//   forgotten                 x       -         -      -          -     x     -      -
//   mapped                    x       -         -      -          -     x     -      -
//   withdrawn                 x       -         -      -          -     x     -      x
//   unmapped                  x       x         x      x          -     x     x      x
//   moved                     x       x         x      x          -     x     x      -
//   shown, shown_further      -       -         -      -          -     -     x      -
//   found                     -       -         -      -          x     -     -      -
//   domain_chosen             x       -         -      -          -     -     -      -
//   file_named                -       -         -      -          x     x     x      -
//   range_named               -       -         -      -          -     x     x      -
//   marked                    -       -         -      -          x     x     -      -
//   deep_synced               -       -         -      -          x     -     -      -
//   transaction_*             -       x         -      x          -     -     -      x
//   transactions_ignored      -       x         -      -          -     -     -      -
//   asserted_durable          x       -         -      -          -     -     -      x
//   asserted_order            -       -         x      -          -     -     -      -
//   reporting_*               -       -         -      -          -     -     -      x
//   exec_*, program_ends      -       -         -      -          x     x     -      x
//
// Forks concern the text log and the trace, the end of the last thread the text log.
//
// A new observer is one line in each verb that it observes, in events.cpp.
//
// Floor 4.  Tested by the regressions of every kind of event.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/base/persistence.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/model/machine.h"
#include "pmemcheck/model/transaction.h"
#include "pmemcheck/valgrind/files.h"
#include "pmemcheck/valgrind/findings/findings.h"
#include "pmemcheck/valgrind/lazy_stack.h"
#include "pmemcheck/valgrind/run.h"
#include "pmemcheck/valgrind/threads.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::events {

// Call once, when the options are final, before any other function here.
void start();
// Asks the core to report forks and threads that end.
void track_events();

// ---- stores, flushes and fences -----------------------------------------------------------------

// Why the running thread fences.
enum class FenceBy {
  Program,  // by SFENCE, MFENCE or a client request: the program means stores to be durable here
  Lock,     // by a locked instruction or XCHG
};

namespace detail {

// Which events have observers besides the machine, by the options.
struct Observed {
  bool stores, flushes, fences;
};
extern constinit Observed g_observed;
extern constinit bool g_has_stored;

void store_observed(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind);
void before_flush(GuestRange flushed, FlushOrder order, const LazyStack& stack);
void before_fence(FenceBy by, const LazyStack& stack);

}  // namespace detail

// `thread` has made a store, at least a part of which is persistent.  `range` is the whole store.
// A store with no other observer goes straight to the machine: see Machine::store.
inline void stored(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind) {
  if (!detail::g_has_stored) detail::g_has_stored = true;  // mostly read, seldom written
  if (detail::g_observed.stores || run::transactions().is_in_any(thread) || run::orders().any() ||
      findings::is_any_disabled())
    detail::store_observed(thread, range, stack, kind);
  else
    run::machine().store(thread, range, stack, kind);
}
// The kernel has stored to `range` for the thread `tid`.
void stored_by_kernel(ThreadId tid, GuestRange range, StackId stack);

// The running thread flushes a cache line.
inline void flushed(LineAddr line, FlushOrder order, const LazyStack& stack) {
  if (detail::g_observed.flushes) detail::before_flush(line.bytes(), order, stack);
  run::machine().flush_line(threads::running(), line, order);
}
// The running thread reports a flush of exactly these bytes.
void flushed(GuestRange range, const LazyStack& stack);

// RETURNS: whether an observer needs the stack of such a fence.
bool needs_stack(FenceBy by);
// The running thread fences.
inline void fenced(FenceBy by, const LazyStack& stack) {
  if (detail::g_observed.fences) detail::before_fence(by, stack);
  run::machine().fence(threads::running());
}

// The kernel has made durable what was stored to `range`.
void persisted(GuestRange range);
// The program or the debugger sets `range` clean.  RETURNS: whether anything was outstanding there.
bool forgotten(GuestRange range);

// RETURNS: whether this process has stored to persistent memory itself; what it inherited by a
// fork does not count.
inline bool has_stored() {
  return detail::g_has_stored;
}

// ---- mappings -----------------------------------------------------------------------------------

// `range` is persistent memory from now on.
void mapped(GuestRange range);
// The program withdraws `range` from persistent memory; it stays mapped.
void withdrawn(GuestRange range);
// The memory at `range` is no longer mapped, or something else is mapped there, because of the
// system call that the running thread makes.
void unmapped(GuestRange range);
// The memory at `from` is at `to` from now on.  REQUIRES: the two do not overlap.
void moved(GuestRange from, GuestAddr to);

// A file, from some byte on.
struct FileView {
  std::string_view path;  // empty: memory without a file
  FileId id;
  std::uint64_t offset;
};
// The kernel shows `file` at `range` from now on.
void shown(GuestRange range, const FileView& file);
// The mapping before `grown` has become longer by it.
void shown_further(GuestRange grown);
// A mapping of `file` is found to be persistent.
void found(GuestRange range, const FileView& file);
// `range` has a persistence domain of its own.
void domain_chosen(GuestRange range, Domain domain);
// The program says that `range` shows `file`.
void file_named(GuestRange range, const FileView& file);
// The program gives `range` a name; an empty one takes it away.
void range_named(GuestRange range, std::string_view name);

// ---- what the program reports -------------------------------------------------------------------

// The program puts a marker into its records.
void marked(std::string_view text);
void deep_synced(GuestRange range);

// The running thread, which is `tid` to Valgrind, begins, ends or changes a transaction.
void transaction_began(ThreadId tid, TransactionName name);
TransactionResult transaction_ended(ThreadId tid, TransactionName name);
TransactionResult transaction_added(ThreadId tid, TransactionName name, GuestRange range);
TransactionResult transaction_removed(TransactionName name, GuestRange range);
TransactionResult transaction_joined(TransactionName name);
TransactionResult transaction_left(TransactionName name);
// Stores to `range` need no transaction.
void transactions_ignored(GuestRange range);

// The program asserts that `range` is durable.  RETURNS: whether it is.
bool asserted_durable(ThreadId tid, GuestRange range);
// The program asserts that `first` is durable before `second` is next stored to.
void asserted_order(GuestRange first, GuestRange second);

// What the running thread does and stores is not reported; calls nest.
void reporting_disabled();
void reporting_enabled();

// ---- processes ----------------------------------------------------------------------------------

// This process may be about to become another program, by a call of the thread `tid`.  If the call
// succeeds, no later verb is called.
void exec_begins(ThreadId tid);
void exec_failed();
// The program ends.
void program_ends();

}  // namespace pmemcheck::events
