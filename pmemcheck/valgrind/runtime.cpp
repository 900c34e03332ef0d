// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/runtime.h"

#include <new>

#include "pmemcheck/model/last_stores.h"
#include "pmemcheck/rules/assertions.h"
#include "pmemcheck/rules/flushes.h"
#include "pmemcheck/rules/overwrites.h"
#include "pmemcheck/rules/transactions.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/findings/findings.h"
#include "pmemcheck/valgrind/record/store_log.h"
#include "pmemcheck/valgrind/record/trace.h"
#include "pmemcheck/valgrind/stacks/stacks.h"

namespace pmemcheck::runtime {

namespace {

// The filter's address is a constant in generated code, so it lives in static memory; all zero, it
// takes no room in the executable.
constinit StoreFilter g_filter = {};
constinit Machine* g_machine = nullptr;
constinit Transactions* g_transactions = nullptr;
constinit LastStores* g_last_stores = nullptr;
constinit Orders* g_orders = nullptr;
constinit Barriers* g_barriers = nullptr;
// Whether the options ask that somebody beside the machine is told of every store; so too of every
// flush and fence.
constinit bool g_tells_of_stores = false;
constinit bool g_tells_of_flushes = false;

// ---- threads ------------------------------------------------------------------------------------

// Valgrind gives a thread id again when its thread has ended; ThreadNo never.
constinit Vector<ThreadNo>* g_thread_of_tid = nullptr;
constinit std::uint32_t g_threads = 0;
constinit std::uint32_t g_living_threads = 0;
constinit ThreadNo g_running = ThreadNo::None;
constinit ThreadId g_running_tid = VG_INVALID_THREADID;  // the same thread

void thread_created(ThreadId, ThreadId child) {
  g_thread_of_tid->resize_at_least(child + 1);
  (*g_thread_of_tid)[child] = ThreadNo{++g_threads};
  g_living_threads++;
}

// With the last thread the program's part of the store log ends; the core's last words come after
// it.
void thread_exits(ThreadId) {
  if (--g_living_threads == 0) store_log::stop();
}

void thread_runs(ThreadId tid, ULong) {
  if (tid >= g_thread_of_tid->size() || (*g_thread_of_tid)[tid] == ThreadNo::None)
    thread_created(VG_INVALID_THREADID, tid);  // the first thread
  g_running = (*g_thread_of_tid)[tid];
  g_running_tid = tid;
}

// RETURNS: the number of `tid`, which need not be the one that ran last: it may return from a call
// that waited.
ThreadNo thread_of(ThreadId tid) {
  return tid < g_thread_of_tid->size() ? (*g_thread_of_tid)[tid] : g_running;
}

constinit bool g_has_stored = false;

void child_begins(ThreadId) {
  g_has_stored = false;
}

template <class T>
T* make(const char* purpose, auto&... arguments) {
  return ::new (host_allocate(sizeof(T), purpose)) T(arguments...);
}

}  // namespace

constinit ULong g_superblocks = 0;

void start() {
  const Options& options = command_line::options();
  const MachineRules rules{
      .joining = options.mult_stores ? Joining::Never : Joining::Touching,
      .fence_scope = options.fence_scope,
      .domain = options.domain,
  };
  g_machine = make<Machine>("machine", g_filter, rules);
  g_transactions = make<Transactions>("transactions");
  g_last_stores = make<LastStores>("last stores");
  g_orders = make<Orders>("orders");
  if (options.explain || VG_(clo_xml)) g_barriers = make<Barriers>("barriers");
  g_tells_of_flushes = options.flush_check || options.log_stores || !options.trace.empty();
  g_tells_of_stores = options.tx_only || options.mult_stores || options.log_stores ||
                      g_barriers != nullptr || !options.trace.empty();
  g_thread_of_tid = make<Vector<ThreadNo>>("threads");
}

Machine& machine() {
  return *g_machine;
}

Transactions& transactions() {
  return *g_transactions;
}

Orders& orders() {
  return *g_orders;
}

Barriers* barriers() {
  return g_barriers;
}

ThreadNo running_thread() {
  return g_running;
}

bool has_stored() {
  return g_has_stored;
}

const UChar* filter_table() {
  return g_filter.table();
}

void track_events() {
  VG_(track_pre_thread_ll_create)(thread_created);
  VG_(track_pre_thread_ll_exit)(thread_exits);
  VG_(track_start_client_code)(thread_runs);
  VG_(atfork)(nullptr, nullptr, child_begins);
}

// ---- stores -------------------------------------------------------------------------------------

namespace {

void settle() {
  findings::settle(VG_(get_running_tid)());
}

void check_transaction(ThreadNo thread, GuestRange stored, StackId stack) {
  const TransactionDuty duty =
      command_line::options().tx_only ? TransactionDuty::Always : TransactionDuty::OfThreadsInOne;
  bool is_outside = false;
  g_machine->pmem().for_each_part(stored, [&](GuestRange part) {
    is_outside = is_outside || is_outside_transaction(*g_transactions, thread, part, duty);
  });
  if (!is_outside) return;
  findings::list().push_back(
      Finding{.kind = FindingKind::OutsideTransaction, .stack = stack, .bytes = stored});
  settle();
}

void check_overwritten(GuestRange stored, StackId stack) {
  StoredValue value = StoredValue::MayDiffer;
  if (const ULong within = command_line::options().indiff; within > 0) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(stored.begin.raw());
    if (g_last_stores->repeats(stored.begin, {bytes, stored.size()}, g_superblocks, within))
      value = StoredValue::Repeated;
  }
  check_overwrite(*g_machine, stored, stack, value, findings::list());
  settle();
}

void check_order(GuestRange stored, StackId stack) {
  pmemcheck::check_order(*g_machine, *g_orders, stored, stack, stacks::same_place,
                         findings::list());
  settle();
}

bool is_persistent(GuestRange range) {
  return g_machine->pmem().overlaps(range);
}

// store(), where it concerns others than the machine: checks the store and tells of it.
[[gnu::noinline]] void store_and_tell(ThreadNo thread, GuestRange range, StackId stack,
                                      StoreKind kind) {
  const Options& options = command_line::options();
  if (options.tx_only || g_transactions->is_in_any(thread)) check_transaction(thread, range, stack);
  if (options.mult_stores) check_overwritten(range, stack);
  if (g_orders->any()) check_order(range, stack);
  if (options.log_stores)
    g_machine->pmem().for_each_part(range, [&](GuestRange part) { store_log::store(part, stack); });
  if (g_barriers != nullptr)
    g_machine->pmem().for_each_part(range,
                                    [&](GuestRange part) { g_barriers->stored(thread, part); });
  trace::store(thread, range, stack, kind);
  g_machine->store(thread, range, findings::is_disabled(thread) ? StackId::Silent : stack, kind);
}

// A store of which a part at least is persistent, whole and as it was made.
void store(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind) {
  if (!g_has_stored) g_has_stored = true;  // mostly read: see Machine::store
  if (g_tells_of_stores || g_transactions->is_in_any(thread) || g_orders->any() ||
      findings::is_any_disabled())
    store_and_tell(thread, range, stack, kind);
  else
    g_machine->store(thread, range, stack, kind);
}

StackId stack_here(const VexGuestAMD64State& state, Addr ip) {
  return stacks::here(g_running_tid, state, ip);
}

[[gnu::noinline]] void watch_anywhere(const VexGuestAMD64State& state, Addr address, StoreSite site,
                                      StoreKind kind) {
  const GuestRange range = GuestRange::of(GuestAddr(address), site.size());
  if (is_persistent(range)) store(g_running, range, stack_here(state, site.ip()), kind);
}

// The instruction at `site` has stored, mostly to the mapping that was stored to last: then few
// registers have to be saved on the way, which matters (see Machine::store).
template <StoreKind kind>
void watch(const VexGuestAMD64State& state, Addr address, StoreSite site) {
  const GuestRange range = GuestRange::of(GuestAddr(address), site.size());
  if (g_machine->pmem().last_holds(range))
    store(g_running, range, stack_here(state, site.ip()), kind);
  else
    watch_anywhere(state, address, site, kind);
}

}  // namespace

void on_store(const VexGuestAMD64State* state, Addr address, UWord site) {
  watch<StoreKind::Ordinary>(*state, address, StoreSite(site));
}

void on_nt_store(const VexGuestAMD64State* state, Addr address, UWord site) {
  watch<StoreKind::NonTemporal>(*state, address, StoreSite(site));
}

void on_stores(VexGuestAMD64State* state, Addr root, KnownRun* known) {
  const StoreRun& run = known->run;
  if (run.moves_sp) {
    const ULong sp = state->guest_RSP;
    for (UInt i = 0; i < run.count; i++) {
      state->guest_RSP = root + run.stores[i].sp;
      watch_anywhere(*state, root + run.stores[i].distance, run.stores[i].site, run.kind);
    }
    state->guest_RSP = sp;
    return;
  }
  bool have_stacks = false;
  for (UInt i = 0; i < run.count; i++) {
    const GuestRange range =
        GuestRange::of(GuestAddr(root + run.stores[i].distance), run.stores[i].site.size());
    if (!is_persistent(range)) continue;
    if (!have_stacks) stacks::of_run(g_running_tid, *state, run, known->stacks);
    have_stacks = true;
    store(g_running, range, known->stacks.stacks[i], run.kind);
  }
}

void on_masked_nt_store(const VexGuestAMD64State* state, Addr address, UWord size, UWord mask,
                        Addr ip) {
  // Each run of bytes that the mask selects is a store.
  for (UWord i = 0; i < size; i++) {
    const UWord begin = i;
    while (i < size && (mask >> i & 1) != 0) i++;
    if (i > begin) watch<StoreKind::NonTemporal>(*state, address + begin, StoreSite(ip, i - begin));
  }
}

void kernel_store(ThreadId thread, GuestRange range, StackId stack) {
  if (is_persistent(range)) store(thread_of(thread), range, stack, StoreKind::Ordinary);
}

void persist(GuestRange range) {
  if (!g_machine->set_clean(range)) return;
  if (trace::is_on()) trace::persist(range, stacks::of_thread(VG_(get_running_tid)()));
  if (TextLog* log = store_log::log()) {
    log->flush(range);
    log->fence();
  }
}

// ---- flushes and fences -------------------------------------------------------------------------

namespace {

// `flushed` is about to be flushed.  stack_of_flush() is asked only where somebody wants to know.
void before_flush(GuestRange flushed, FlushOrder order, auto stack_of_flush) {
  if (!g_tells_of_flushes) return;
  if (command_line::options().flush_check) {
    check_flush(*g_machine, flushed, stack_of_flush(), stacks::same_place, findings::list());
    settle();
  }
  if (TextLog* log = store_log::log()) log->flush(flushed);
  if (trace::is_on()) trace::flush(g_running, flushed, order, stack_of_flush());
}

void flush_line(const VexGuestAMD64State& state, Addr address, Addr ip, FlushOrder order) {
  const LineAddr line = LineAddr::holding(GuestAddr(address));
  before_flush(line.bytes(), order, [&] { return stack_here(state, ip); });
  g_machine->flush_line(g_running, line, order);
}

}  // namespace

void on_weak_flush(const VexGuestAMD64State* state, Addr address, UWord, Addr ip) {
  flush_line(*state, address, ip, FlushOrder::Weak);
}

void on_strong_flush(const VexGuestAMD64State* state, Addr address, UWord, Addr ip) {
  flush_line(*state, address, ip, FlushOrder::Strong);
}

void ignore_flush(UWord) {}

void flush_range(ThreadId thread, GuestRange range) {
  before_flush(range, FlushOrder::Weak, [&] { return stacks::of_thread(thread); });
  g_machine->flush_range(g_running, range);
}

namespace {

void note_barrier(BarrierKind kind, auto stack) {
  if (g_barriers == nullptr) return;
  const auto is_dirty = [](GuestRange range) { return g_machine->is_dirty(range); };
  g_barriers->reached(g_running, kind, is_dirty, stack);
}

}  // namespace

void note_barrier(ThreadId thread, BarrierKind kind) {
  note_barrier(kind, [&] { return stacks::of_thread(thread); });
}

void on_fence(const VexGuestAMD64State* state, Addr ip) {
  note_barrier(BarrierKind::Fence, [&] { return stack_here(*state, ip); });
  on_locked_fence(state, ip);
}

void fence() {
  g_machine->fence(g_running);
  if (!g_tells_of_flushes) return;
  if (TextLog* log = store_log::log()) log->fence();
}

void fence_by_request(ThreadId thread) {
  note_barrier(thread, BarrierKind::Fence);
  if (trace::wants_fence(g_running)) trace::fence(g_running, stacks::of_thread(thread));
  fence();
}

void on_locked_fence(const VexGuestAMD64State* state, Addr ip) {
  if (g_tells_of_flushes && trace::wants_fence(g_running))
    trace::fence(g_running, stack_here(*state, ip));
  fence();
}

}  // namespace pmemcheck::runtime
