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

#include "pmemcheck/base/persistence.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/model/entry.h"
#include "pmemcheck/model/pending.h"
#include "pmemcheck/model/pmem_map.h"
#include "pmemcheck/model/shadow.h"
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
    shadow_.for_each_in(range, [&](LineAddr line, const auto& record) {
      if (!record.outstanding().any()) return;
      const Line& l = record.unpacked();
      reader.line(line, l.state(), l.joints(), l.origins(), mixed_, line.covered_by(range));
    });
    reader.finish();
  }

  // RETURNS: whether a byte of `range` was stored to and not flushed since.
  bool is_dirty(GuestRange range) {
    bool dirty = false;
    shadow_.for_each_in(range, [&](LineAddr line, const auto& l) {
      dirty = dirty || (l.dirty() & line.covered_by(range)).any();
    });
    return dirty;
  }

  // Gives back the shadow of pages on which nothing is outstanding.  Costs the whole shadow, and
  // so is done by itself when that has doubled, or half of it has become durable.
  void give_back();
  // RETURNS: how many bytes of memory the shadow takes.
  std::size_t shadow_bytes() const { return shadow_.bytes(); }

 private:
  // As much of the shadow is not given back.
  static constexpr std::size_t kBytesToKeep = 4 << 20;

  struct DomainPart {
    GuestRange range;
    Domain domain;
  };
  // RETURNS: what `range` begins with: as much of it as is of one domain.
  DomainPart first_domain_in(GuestRange range) const {
    if (domains_.size() == 0) return {range, rules_.domain};
    const auto* own = domains_.first_in(range);
    if (own == nullptr) return {range, rules_.domain};
    if (range.begin < own->range.begin) return {{range.begin, own->range.begin}, rules_.domain};
    return {own->range.intersection(range), own->value};
  }
  bool is_all_adr() const { return rules_.domain == Domain::adr && domains_.size() == 0; }
  // store(), of any range.
  void store_in_parts(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind);
  // The same, of memory that is all persistent and of one domain.
  void store_in_domain(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind,
                       Domain domain);
  void store_in_line(ThreadNo thread, LineAddr line, ByteMask bytes, StackId stack, StoreKind kind);
  // An ordinary store to a part of a line whose record is `l`.  RETURNS: whether it fits there; if
  // not, nothing is done.
  bool store_if_it_fits(GuestRange range, StackId stack, PackedLine& l);
  // The same, wherever it fits.
  [[gnu::noinline]] void store_packed(GuestRange range, StackId stack, PackedLine& l);
  // A store to a part of a line whose record is `l`.
  template <StoreKind kind>
  void store_full(ThreadNo thread, GuestRange range, StackId stack, Line& l);
  // Bytes [first, end) of the line are one store now, of this state: binds it to what it joins in
  // the lines before and behind.
  template <class Record>
  void bind_across_edges(LineAddr line, Record& l, unsigned first, unsigned end, ByteState state);
  // The same, of an ordinary store; apart, as it is long.
  [[gnu::noinline]] void bind_packed(LineAddr line, PackedLine& l, unsigned first, unsigned end);
  // `thread` has made the bytes PENDING; of the others, those in `before` are.
  template <class Record>
  void become_pending(ThreadNo thread, LineAddr line, Record& l, ByteMask bytes, ByteMask before);
  // RETURNS: whether any of the bytes was DIRTY.
  template <class Record>
  bool make_pending(ThreadNo thread, LineAddr line, Record& l, ByteMask bytes);
  // As Shadow::sweep, for a part of the shadow.
  template <class Visit, class VisitPage>
  void sweep(GuestRange range, Visit visit, VisitPage visit_page);
  // RETURNS: whether a store of this state that touches byte `index` becomes one entry with it.
  template <class Record>
  bool may_join(const Record& l, unsigned index, ByteState state) const {
    return rules_.joining == Joining::Touching && l.in_state(state).has(index);
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
  Shadow shadow_;
  std::size_t most_bytes_ = kBytesToKeep;  // of the shadow: give_back() when there are more
  std::size_t fenced_lines_ = 0;           // since it was last called
  MixedWords mixed_;
  PendingSets pending_;
};

}  // namespace pmemcheck
