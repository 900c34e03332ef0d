// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/events.h"

#include "pmemcheck/rules/assertions.h"
#include "pmemcheck/rules/flushes.h"
#include "pmemcheck/rules/not_persisted.h"
#include "pmemcheck/rules/overwrites.h"
#include "pmemcheck/rules/transactions.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/findings/reporting.h"
#include "pmemcheck/valgrind/record/store_log.h"
#include "pmemcheck/valgrind/record/trace.h"
#include "pmemcheck/valgrind/stacks/stacks.h"
#include "pmemcheck/valgrind/translate/watching.h"

namespace pmemcheck::events {

using findings::Batch;

namespace detail {
constinit Observed g_observed = {};
constinit bool g_has_stored = false;
}  // namespace detail

namespace {

bool is_persistent(GuestRange range) {
  return run::machine().pmem().overlaps(range);
}

void for_each_persistent(GuestRange range, auto visit) {
  run::machine().pmem().for_each_part(range, visit);
}

// ---- forks and threads --------------------------------------------------------------------------

void thread_ended(ThreadId) {
  // The program's part of the text log ends with the last thread; what follows is from the core.
  if (threads::ended()) store_log::stop();
}

void fork_begins(ThreadId) {
  store_log::pause();  // otherwise the child would write the parent's buffer, too
  trace::before_fork();
}

void child_began(ThreadId) {
  detail::g_has_stored = false;
  trace::child_begins();
}

}  // namespace

void start() {
  const Options& options = command_line::options();
  const bool records = options.log_stores || !options.trace.empty();
  const bool has_deadlines = run::deadlines() != nullptr;
  detail::g_observed = {
      .stores = options.tx_only || options.mult_stores || has_deadlines || records,
      .flushes = options.flush_check || records,
      .fences = has_deadlines || records,
  };
}

void track_events() {
  VG_(track_pre_thread_ll_exit)(thread_ended);
  VG_(atfork)(fork_begins, nullptr, child_began);
}

// ---- stores -------------------------------------------------------------------------------------

namespace {

void check_transaction(ThreadNo thread, GuestRange stored, StackId stack) {
  const TransactionDuty duty =
      command_line::options().tx_only ? TransactionDuty::Always : TransactionDuty::OfThreadsInOne;
  bool is_outside = false;
  for_each_persistent(stored, [&](GuestRange part) {
    is_outside = is_outside || is_outside_transaction(run::transactions(), thread, part, duty);
  });
  if (!is_outside) return;
  Batch batch;
  batch.list().push_back(
      Finding{.kind = FindingKind::OutsideTransaction, .stack = stack, .bytes = stored});
}

// RETURNS: whether the store repeats the last one, for --indiff.
StoredValue stored_value(GuestRange stored) {
  LastStores* last = run::last_stores();
  if (last == nullptr) return StoredValue::MayDiffer;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(stored.begin.raw());
  return last->repeats(stored.begin, {bytes, stored.size()}, run::g_superblocks,
                       command_line::options().indiff)
             ? StoredValue::Repeated
             : StoredValue::MayDiffer;
}

}  // namespace

[[gnu::noinline]] void detail::store_observed(ThreadNo thread, GuestRange range, StackId stack,
                                              StoreKind kind) {
  const Options& options = command_line::options();
  Machine& machine = run::machine();
  if (options.tx_only || run::transactions().is_in_any(thread))
    check_transaction(thread, range, stack);
  if (options.mult_stores)
    check_overwrite(machine, range, stack, stored_value(range), Batch().list());
  if (run::orders().any())
    check_order(machine, run::orders(), range, stack, stacks::same_place, Batch().list());
  if (options.log_stores)
    for_each_persistent(range, [&](GuestRange part) { store_log::store(part, stack); });
  if (PersistDeadlines* deadlines = run::deadlines())
    for_each_persistent(range, [&](GuestRange part) { deadlines->stored(thread, part); });
  trace::store(thread, range, stack, kind);
  machine.store(thread, range, findings::is_disabled(thread) ? StackId::Silent : stack, kind);
}

void stored_by_kernel(ThreadId tid, GuestRange range, StackId stack) {
  if (is_persistent(range)) stored(threads::number_of(tid), range, stack, StoreKind::Ordinary);
}

// ---- flushes and fences -------------------------------------------------------------------------

void detail::before_flush(GuestRange flushed, FlushOrder order, const LazyStack& stack) {
  if (command_line::options().flush_check)
    check_flush(run::machine(), flushed, stack.get(), stacks::same_place, Batch().list());
  if (TextLog* log = store_log::log()) log->flush(flushed);
  if (trace::is_on()) trace::flush(threads::running(), flushed, order, stack.get());
}

void flushed(GuestRange range, const LazyStack& stack) {
  if (detail::g_observed.flushes) detail::before_flush(range, FlushOrder::Weak, stack);
  run::machine().flush_range(threads::running(), range);
}

namespace {

// The running thread has reached an event at which its stores may have to be durable.
void reach_deadline(DeadlineKind kind, const LazyStack& stack) {
  PersistDeadlines* deadlines = run::deadlines();
  if (deadlines == nullptr) return;
  const auto is_dirty = [](GuestRange range) { return run::machine().is_dirty(range); };
  deadlines->reached(threads::running(), kind, is_dirty, [&] { return stack.get(); });
}

}  // namespace

void detail::before_fence(FenceBy by, const LazyStack& stack) {
  if (by == FenceBy::Program) reach_deadline(DeadlineKind::Fence, stack);
  const ThreadNo thread = threads::running();
  if (trace::wants_fence(thread)) trace::fence(thread, stack.get());
  if (TextLog* log = store_log::log()) log->fence();
}

bool needs_stack(FenceBy by) {
  return trace::is_on() || (by == FenceBy::Program && run::deadlines() != nullptr);
}

void persisted(GuestRange range) {
  if (!run::machine().set_clean(range)) return;
  if (trace::is_on()) trace::persist(range, stacks::of_thread(VG_(get_running_tid)()));
  if (TextLog* log = store_log::log()) {
    log->flush(range);
    log->fence();
  }
}

bool forgotten(GuestRange range) {
  trace::persist(range, StackId::None);
  return run::machine().set_clean(range);
}

// ---- mappings -----------------------------------------------------------------------------------

void mapped(GuestRange range) {
  run::machine().add_pmem(range);
  watch_stores();
  trace::mapped(range);
}

void withdrawn(GuestRange range) {
  reporting::mapping_ends(range);
  run::machine().remove_pmem(range);
  trace::unmapped(range);
}

void unmapped(GuestRange range) {
  Machine& machine = run::machine();
  if (machine.knows(range)) {
    const StackId stack = machine.pmem().overlaps(range)
                              ? threads::stack_of_call(VG_(get_running_tid)())
                              : StackId::None;
    find_not_persisted(machine, range, stack, stacks::same_place, Batch().list());
    reporting::mapping_ends(range);
    machine.unmap(range);
    if (PersistDeadlines* deadlines = run::deadlines()) deadlines->forget(range);
    trace::unmapped(range);
  }
  run::transactions().forget(range);
  run::orders().forget(range);
  run::places().forget(range);  // last, because findings include their places
}

void moved(GuestRange from, GuestAddr to) {
  run::places().move(from, to);
  run::transactions().move(from, to);
  run::orders().move(from, to);
  if (!run::machine().knows(from)) return;
  run::machine().move(from, to);
  if (PersistDeadlines* deadlines = run::deadlines()) deadlines->move(from, to);
  if (LastStores* last = run::last_stores()) last->move(from, to);
  trace::moved(from, to);
}

void shown(GuestRange range, const FileView& file) {
  run::places().forget(range);
  run::places().map_file(range, file.path, file.offset);
}

void shown_further(GuestRange grown) {
  run::places().extend(grown);
}

namespace {

void log_file(GuestRange range, const FileView& file) {
  if (TextLog* log = store_log::log())
    log->register_file(file.path, range.begin, range.size(), file.offset);
}

}  // namespace

void found(GuestRange range, const FileView& file) {
  log_file(range, file);
}

void domain_chosen(GuestRange range, Domain domain) {
  run::machine().set_domain(range, domain);
}

void file_named(GuestRange range, const FileView& file) {
  run::places().map_file(range, file.path, file.offset);
  log_file(range, file);
  trace::mapped_file(range, file.path, file.id, file.offset);
}

void range_named(GuestRange range, std::string_view name) {
  run::places().name(range, name);
  trace::name(range, name);
}

// ---- what the program reports -------------------------------------------------------------------

void marked(std::string_view text) {
  if (TextLog* log = store_log::log()) log->text(text);
  trace::marker(text);
}

void deep_synced(GuestRange range) {
  if (TextLog* log = store_log::log()) log->deep_sync(range);
}

void transaction_began(ThreadId tid, TransactionName name) {
  run::transactions().start(threads::running(), name, stacks::of_thread(tid));
}

TransactionResult transaction_ended(ThreadId tid, TransactionName name) {
  const TransactionResult result = run::transactions().end(name);
  if (!run::transactions().is_in_any(threads::running()))
    reach_deadline(DeadlineKind::TransactionEnd, LazyStack(tid));
  return result;
}

TransactionResult transaction_added(ThreadId tid, TransactionName name, GuestRange range) {
  return add_to_transaction(run::transactions(), threads::running(), name, range,
                            stacks::of_thread(tid), Batch().list());
}

TransactionResult transaction_removed(TransactionName name, GuestRange range) {
  return run::transactions().remove(threads::running(), name, range);
}

TransactionResult transaction_joined(TransactionName name) {
  return run::transactions().add_thread(threads::running(), name);
}

TransactionResult transaction_left(TransactionName name) {
  return run::transactions().remove_thread(threads::running(), name);
}

void transactions_ignored(GuestRange range) {
  run::transactions().ignore(range);
}

bool asserted_durable(ThreadId tid, GuestRange range) {
  return check_durable(run::machine(), range, stacks::of_thread(tid), stacks::same_place,
                       Batch().list());
}

void asserted_order(GuestRange first, GuestRange second) {
  run::orders().expect(first, second);
}

void reporting_disabled() {
  findings::disable(threads::running());
}

void reporting_enabled() {
  findings::enable(threads::running());
}

// ---- exec and exit ------------------------------------------------------------------------------

void exec_begins(ThreadId tid) {
  trace::before_exec();
  if (!has_stored()) return;
  store_log::stop();
  reporting::report_before_exec(threads::stack_of_call(tid));
}

void exec_failed() {
  store_log::go_on();
  trace::after_failed_exec();
}

void program_ends() {
  store_log::stop();
  trace::stop();
  reporting::report_at_exit();
}

}  // namespace pmemcheck::events
