// machine.h: the machine with persistent memory, as far as a power failure is concerned.
//
// x86 persistency, in short
// -------------------------
// A store goes to the cache.  When a line leaves the cache for memory is the processor's business:
// it may be at once, it may be never.  Until then a power failure loses it (with ADR, the
// persistence domain begins at the memory controller's queue).  A program that cares
//
//   1. stores,
//   2. flushes each line that it stored to: CLWB and CLFLUSHOPT start the write-back and may be
//      reordered with almost everything; CLFLUSH is ordered with stores and other CLFLUSHes,
//   3. fences: SFENCE, MFENCE, a locked read-modify-write or XCHG with memory waits until the
//      flushes that *this* thread executed before it have reached the persistence domain.
//      LFENCE orders loads; it waits for no flush.
//
// A non-temporal store goes past the cache, through a write-combining buffer of the processor that
// executes it: it needs no flush, but the fence.  Until then it is no more durable than a flushed
// store, and others cannot see it.
//
// With eADR, and with memory on CXL that has a global persistent flush, the caches are emptied when
// the power fails: what others can see is durable.  Then flushes are advice.
//
// Sources: Intel SDM vol. 2A, CLFLUSH, CLFLUSHOPT, CLWB; vol. 2B, SFENCE, MFENCE; vol. 3A 9.2
// "Memory ordering".  Raad, Wickerson, Neis, Vafeiadis, "Persistency semantics of the Intel-x86
// architecture" (POPL 2020), calls this model Px86; non-temporal stores: vol. 1, 10.4.6.2, and
// Raad, Maranget, Vafeiadis, "Extending Intel-x86 consistency and persistency" (POPL 2022).
//
// What follows for a checker, and is done here:
//   - A flush concerns the whole aligned line, whatever address in it was named, and nothing else.
//   - What one thread flushed, another thread's fence does not commit (pending.h).
//   - A store to a flushed byte begins all over again.
//   - Valgrind runs one thread at a time.  The order in which it does is an order that the real
//     machine could have chosen, so what is lost here can be lost there.
//
// What is left out: a fence also makes durable what CLFLUSHOPT of *another* thread wrote back by
// luck; early eviction never makes a program right, so it is not modelled.
//
// Floor 1.  Tested against an oracle in tests/model/test_machine.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/line_map.h"
#include "pmemcheck/base/persistence.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/model/entry.h"
#include "pmemcheck/model/line_state.h"
#include "pmemcheck/model/origin.h"
#include "pmemcheck/model/pending.h"
#include "pmemcheck/model/pmem_map.h"
#include "pmemcheck/model/store_filter.h"

namespace pmemcheck {

// Which way a store takes to memory.
enum class StoreKind {
  Ordinary,     // through the cache
  NonTemporal,  // past it: MOVNTI and its like, MOVDIRI, MOVDIR64B
};

// How a flush relates to the stores and fences around it.
enum class FlushOrder {
  Weak,    // CLWB, CLFLUSHOPT: durable at the thread's next fence
  Strong,  // CLFLUSH: durable when it is done
};

// Whether a store becomes one entry with a touching one from the same place: see entry.h.
enum class Joining { Touching, Never };

// What is chosen once for a run.
struct MachineRules {
  Joining joining = Joining::Touching;
  FenceScope fence_scope = FenceScope::thread;
  Domain domain = Domain::adr;  // of memory that has none of its own
};

class Machine {
 public:
  // `filter` is kept in step with the mappings.  REQUIRES: it is empty and outlives the machine.
  explicit Machine(StoreFilter& filter, MachineRules rules = {}) : filter_(filter), rules_(rules) {}

  // Memory that is persistent from now on.  What is outstanding there is not changed.
  void add_pmem(GuestRange range) {
    filter_.add(range, pmem_);
    known_.add(range);
  }
  // Memory that is persistent no longer.  What is outstanding there stays outstanding.
  void remove_pmem(GuestRange range) { filter_.remove(range, pmem_); }
  const PmemMap& pmem() const { return pmem_; }
  // `range` has a domain of its own, until it is unmapped.
  void set_domain(GuestRange range, Domain domain) { domains_.assign(range, domain); }

  // RETURNS: the domain of the byte at `a`.
  Domain domain_of(GuestAddr a) const {
    const auto* own = domains_.find(a);
    return own != nullptr ? own->value : rules_.domain;
  }

  // `thread` made a store.  Bytes of `range` that are not persistent are passed over.
  void store(ThreadNo thread, GuestRange range, StackId stack,
             StoreKind kind = StoreKind::Ordinary);

  // `thread` executed a flush of one cache line.
  // RETURNS: the bytes that it was useful for: those that were DIRTY.
  ByteMask flush_line(ThreadNo thread, LineAddr line, FlushOrder order);

  // `thread` says that it flushed just these bytes, weakly.
  // RETURNS: whether it was useful: whether any of them was DIRTY.
  bool flush_range(ThreadNo thread, GuestRange range);

  // `thread` executed a store fence.  RETURNS: whether anything became durable by it.
  bool fence(ThreadNo thread);

  // What is outstanding in `range` is durable, or of no interest.  RETURNS: whether anything was.
  bool set_clean(GuestRange range);

  // The memory at `range` is mapped no longer: forgets all about it.
  void unmap(GuestRange range);
  // RETURNS: whether anything may be known of `range`: whether a part of it has been persistent
  // since it was unmapped last.
  bool knows(GuestRange range) const { return known_.overlaps(range); }

  // The memory of `from` is at `to` from now on, and all that is known of it with it.
  // REQUIRES: both are as long, begin at a cache line and do not overlap; nothing is known of
  // `to`.
  void move(GuestRange from, GuestAddr to);

  // Calls visit(entry) for each entry that is outstanding in `range`, lowest address first; of an
  // entry that crosses an edge of the range, the part inside.
  // same_place(a, b): do stacks a and b tell of the same place in the program?
  // REQUIRES: visit does not change the machine.
  template <class SamePlace, class Visit>
  void for_each_entry_in(GuestRange range, SamePlace same_place, Visit visit) {
    EntryReader<SamePlace, Visit> reader(same_place, visit);
    shadow_.for_each_in(range, [&](LineAddr line, const Line& l) {
      if (l.state.outstanding().any())
        reader.line(line, l.state, l.joints, l.origins, mixed_, line.covered_by(range));
    });
    reader.finish();
  }

  // RETURNS: whether a byte of `range` was stored to and not flushed since.
  bool is_dirty(GuestRange range) {
    bool dirty = false;
    shadow_.for_each_in(range, [&](LineAddr line, const Line& l) {
      dirty = dirty || (l.state.dirty() & line.covered_by(range)).any();
    });
    return dirty;
  }

  // Gives back the shadow of pages on which nothing is outstanding.  Costs the whole shadow, and
  // so is done by itself when that has doubled, or half of it has become durable.
  void give_back();
  // RETURNS: how many lines the shadow has memory for.
  std::size_t shadow_lines() const { return shadow_.capacity(); }

 private:
  struct Line {
    LineState state;
    [[no_unique_address]] EntryJoints joints;  // its last bytes hold the owner
    PendingOwner owner;
    LineOrigins origins;
  };
  static_assert(sizeof(Line) == 64, "a store that misses the host's cache misses it once");

  // Lines of the shadow that are not given back: 4 MiB of them.
  static constexpr std::size_t kLinesToKeep = 64 * 1024;

  // A store to memory that is all persistent, and all of one domain.
  void store_in_domain(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind,
                       Domain domain);
  void store_persistent(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind);
  void store_in_line(ThreadNo thread, LineAddr line, ByteMask bytes, StackId stack, StoreKind kind);
  // Bytes [first, end) of the line are one store now, of this state: binds it to what it joins.
  void join_in_line(LineAddr line, Line& l, unsigned first, unsigned end, ByteState state);
  void make_pending(ThreadNo thread, LineAddr line, Line& l, ByteMask bytes);
  // RETURNS: whether a store of this state that touches byte `index` becomes one entry with it.
  bool may_join(const Line& l, unsigned index, ByteState state) const {
    return rules_.joining == Joining::Touching && l.state.in_state(state).has(index);
  }
  // RETURNS: the thread whose fence completes what `thread` does.
  ThreadNo drained_by(ThreadNo thread) const {
    return rules_.fence_scope == FenceScope::process ? ThreadNo{1} : thread;
  }

  PmemMap pmem_;
  PmemMap known_;  // pmem_, and what was persistent before
  StoreFilter& filter_;
  MachineRules rules_;
  RangeMap<Domain> domains_;  // where it is not rules_.domain, or was said to be
  LineMap<Line> shadow_;
  std::size_t most_lines_ = kLinesToKeep;  // in the shadow: give_back() when there are more
  std::size_t fenced_lines_ = 0;           // since it was last called
  MixedWords mixed_;
  PendingSets pending_;
};

}  // namespace pmemcheck
