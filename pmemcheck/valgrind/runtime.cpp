// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/runtime.h"

#include "pmemcheck/base/check.h"
#include "pmemcheck/valgrind/events.h"
#include "pmemcheck/valgrind/run.h"
#include "pmemcheck/valgrind/threads.h"

namespace pmemcheck::runtime {

// ---- stores -------------------------------------------------------------------------------------

namespace {

bool is_persistent(GuestRange range) {
  return run::machine().pmem().overlaps(range);
}

void stored(const VexGuestAMD64State& state, GuestRange range, Addr ip, StoreKind kind) {
  events::stored(threads::running(), range, stacks::here(threads::running_tid(), state, ip), kind);
}

[[gnu::noinline]] void watch_anywhere(const VexGuestAMD64State& state, Addr address, StoreSite site,
                                      StoreKind kind) {
  const GuestRange range = GuestRange::of(GuestAddr(address), site.size());
  if (is_persistent(range)) stored(state, range, site.ip(), kind);
}

// The instruction at `site` has stored.  Most stores are to the same mapping as the last one; for
// those, the code has to save few registers: see Machine::store.
template <StoreKind kind>
void watch(const VexGuestAMD64State& state, Addr address, StoreSite site) {
  const GuestRange range = GuestRange::of(GuestAddr(address), site.size());
  if (run::machine().pmem().last_holds(range))
    stored(state, range, site.ip(), kind);
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
    if (!have_stacks) stacks::of_run(threads::running_tid(), *state, run, known->stacks);
    have_stacks = true;
    events::stored(threads::running(), range, known->stacks.stacks[i], run.kind);
  }
}

void on_masked_nt_store(const VexGuestAMD64State* state, Addr address, UWord size, UWord mask,
                        Addr ip) {
  PM_DCHECK(size <= 16);
  // Each run of bytes that the mask selects is a store.
  for (UWord i = 0; i < size; i++) {
    const UWord begin = i;
    while (i < size && (mask >> i & 1) != 0) i++;
    if (i > begin) watch<StoreKind::NonTemporal>(*state, address + begin, StoreSite(ip, i - begin));
  }
}

// ---- flushes and fences -------------------------------------------------------------------------

void on_weak_flush(const VexGuestAMD64State* state, Addr address, UWord, Addr ip) {
  events::flushed(LineAddr::holding(GuestAddr(address)), FlushOrder::Weak, LazyStack(*state, ip));
}

void on_strong_flush(const VexGuestAMD64State* state, Addr address, UWord, Addr ip) {
  events::flushed(LineAddr::holding(GuestAddr(address)), FlushOrder::Strong, LazyStack(*state, ip));
}

void ignore_flush(UWord) {}

void on_fence(const VexGuestAMD64State* state, Addr ip) {
  events::fenced(events::FenceBy::Program, LazyStack(*state, ip));
}

void on_lock(const VexGuestAMD64State* state, Addr ip) {
  events::fenced(events::FenceBy::Lock, LazyStack(*state, ip));
}

// No deadlines are kept here, so it does not matter which kind of fence it is.
void on_fence_without_stack() {
  PM_DCHECK(run::deadlines() == nullptr);
  events::fenced(events::FenceBy::Lock, LazyStack(threads::running_tid()));
}

}  // namespace pmemcheck::runtime
