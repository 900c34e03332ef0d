// machine.h: the model of a machine with persistent memory: what a power failure can lose.
//
// x86 persistency, in short
// -------------------------
// A store goes to the cache.  The processor decides when it writes a line back to memory: at once,
// or never.  Until then a power failure loses the store (with ADR, the persistence domain begins at
// the memory controller's queue).  A program that needs its data after a power failure therefore
//
//   1. stores,
//   2. flushes each line that it stored to: CLWB and CLFLUSHOPT start the write-back and may be
//      reordered with almost everything; CLFLUSH is ordered with stores and other CLFLUSHes,
//   3. fences: SFENCE, MFENCE, a locked read-modify-write or XCHG with memory waits until the
//      flushes that *this* thread executed before it have reached the persistence domain.
//      LFENCE orders loads; it does not wait for flushes.
//
// A non-temporal store bypasses the cache, through a write-combining buffer of the processor that
// executes it: it needs no flush, but it needs the fence.  Before the fence it is no more durable
// than a flushed store, and other processors cannot see it.
//
// With eADR, and with CXL memory that has a global persistent flush, the caches are written back
// when the power fails: every store that others can see is durable, and flushes are only advice.
//
// Sources: Intel SDM vol. 2A, CLFLUSH, CLFLUSHOPT, CLWB; vol. 2B, SFENCE, MFENCE; vol. 3A 9.2
// "Memory ordering".  Raad, Wickerson, Neis, Vafeiadis, "Persistency semantics of the Intel-x86
// architecture" (POPL 2020), calls this model Px86; non-temporal stores: vol. 1, 10.4.6.2, and
// Raad, Maranget, Vafeiadis, "Extending Intel-x86 consistency and persistency" (POPL 2022).
//
// Consequences for the model:
//   - A flush writes back the whole aligned line that contains the address, and nothing else.
//   - The fence of one thread does not commit what another thread flushed (pending.h).
//   - A store to a flushed byte makes it dirty again.
//   - Valgrind runs one thread at a time.  It does so in an order that the real machine could have
//     chosen, so what can be lost in the model can be lost on that machine.
//
// Not modelled: a line that the processor writes back early, by eviction or because another thread
// flushed it, is durable earlier than in the model.  A program must not rely on that.
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

// The path of a store to memory.
enum class StoreKind {
  Ordinary,     // through the cache
  NonTemporal,  // bypasses the cache: MOVNTI and similar instructions, MOVDIRI, MOVDIR64B
};

// How a flush is ordered with the stores and fences around it.
enum class FlushOrder {
  Weak,    // CLWB, CLFLUSHOPT: durable at the thread's next fence
  Strong,  // CLFLUSH: durable when it completes
};

// Whether a store joins an adjacent entry from the same place: see entry.h.
enum class Joining { Touching, Never };

// Choices for the whole run.
struct MachineRules {
  Joining joining = Joining::Touching;
  FenceScope fence_scope = FenceScope::thread;
  Domain domain = Domain::adr;  // of memory for which set_domain() was not called
};

class Machine {
 public:
  // The machine updates `filter` when mappings change.
  // REQUIRES: it is empty, outlives the machine, and is changed only by the machine.
  explicit Machine(StoreFilter& filter, MachineRules rules = {}) : filter_(filter), rules_(rules) {}

  // `range` is persistent from now on.  What is outstanding there is not changed.
  void add_pmem(GuestRange range) {
    filter_.add(range, pmem_);
    known_.add(range);
  }
  // `range` is not persistent any more.  What is outstanding there stays outstanding.
  void remove_pmem(GuestRange range) { filter_.remove(range, pmem_); }
  const PmemMap& pmem() const { return pmem_; }
  // `range` has this domain until it is unmapped.
  void set_domain(GuestRange range, Domain domain) { domains_.assign(range, domain); }

  // RETURNS: the domain of the byte at `a`.
  Domain domain_of(GuestAddr a) const {
    const auto* own = domains_.find(a);
    return own != nullptr ? own->value : rules_.domain;
  }

  // `thread` stored to `range`.  Bytes that are not persistent are ignored.
  // REQUIRES: thread != ThreadNo::None if kind is NonTemporal.
  void store(ThreadNo thread, GuestRange range, StackId stack,
             StoreKind kind = StoreKind::Ordinary);

  // REQUIRES of the next three functions: thread != ThreadNo::None.

  // `thread` executed a flush of one cache line.
  // RETURNS: the bytes that were DIRTY, for which it was useful.
  ByteMask flush_line(ThreadNo thread, LineAddr line, FlushOrder order);

  // `thread` reports a weak flush of exactly these bytes.
  // RETURNS: whether any of them was DIRTY, so that it was useful.
  bool flush_range(ThreadNo thread, GuestRange range);

  // `thread` executed a store fence.  RETURNS: whether it made anything durable.
  bool fence(ThreadNo thread);

  // Nothing in `range` is outstanding any more.  RETURNS: whether anything was.
  bool set_clean(GuestRange range);

  // `range` is not mapped any more.  Forgets everything about it.
  void unmap(GuestRange range);
  // RETURNS: whether the machine may have state for `range`, because a part of it has been
  // persistent since it was last unmapped.
  bool knows(GuestRange range) const { return known_.overlaps(range); }

  // The memory of `from` is mapped at `to` from now on.  Its state moves with it.
  // REQUIRES: both begin at a cache line, the ranges do not overlap, and nothing is outstanding at
  // `to`.
  void move(GuestRange from, GuestAddr to);

  // Calls visit(entry) for each outstanding entry in `range`, lowest address first.  An entry that
  // crosses an edge of the range is cut off there.
  // same_place(a, b) returns whether stacks a and b come from the same place in the program.
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

  // RETURNS: whether a byte of `range` was stored to and has not been flushed since.
  bool is_dirty(GuestRange range) {
    bool dirty = false;
    shadow_.for_each_in(range, [&](LineAddr line, const auto& l) {
      dirty = dirty || (l.dirty() & line.covered_by(range)).any();
    });
    return dirty;
  }

  // Frees the shadow of pages that have nothing outstanding.  Visits the whole shadow.  The machine
  // also calls it whenever the shadow has doubled, or half of it has become durable.
  void give_back();
  // RETURNS: how many bytes of memory the shadow takes.
  std::size_t shadow_bytes() const { return shadow_.bytes(); }

 private:
  // Shadow memory below this size is never released.
  static constexpr std::size_t kBytesToKeep = 4 << 20;

  struct DomainPart {
    GuestRange range;
    Domain domain;
  };
  // RETURNS: the longest first part of `range` that has one domain.
  DomainPart first_domain_in(GuestRange range) const {
    if (domains_.size() == 0) return {range, rules_.domain};
    const auto* own = domains_.first_in(range);
    if (own == nullptr) return {range, rules_.domain};
    if (range.begin < own->range.begin) return {{range.begin, own->range.begin}, rules_.domain};
    return {own->range.intersection(range), own->value};
  }
  bool is_all_adr() const { return rules_.domain == Domain::adr && domains_.size() == 0; }
  // store(), for any range.
  void store_in_parts(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind);
  // store(), for memory that is all persistent and has one domain.
  void store_in_domain(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind,
                       Domain domain);
  // store(), for some bytes of one line, which are one run.
  void store_in_line(ThreadNo thread, LineAddr line, ByteMask bytes, StackId stack, StoreKind kind);
  // An ordinary store to a part of the line whose record is `l`.  RETURNS: whether it fits; if not,
  // nothing is changed.
  bool store_if_it_fits(GuestRange range, StackId stack, PackedLine& l);
  // Like store_if_it_fits(), but unpacks the line if the store does not fit.
  [[gnu::noinline]] void store_packed(GuestRange range, StackId stack, PackedLine& l);
  // A store to a part of the line whose record is `l`.
  template <StoreKind kind>
  void store_full(ThreadNo thread, GuestRange range, StackId stack, Line& l);
  // A store made bytes [first, end) of the line one entry in this state.  Joins it with the entries
  // that it touches in the lines before and after.
  template <class Record>
  void bind_across_edges(LineAddr line, Record& l, unsigned first, unsigned end, ByteState state);
  // Like bind_across_edges(), for ordinary stores.  Out of line because it is large.
  [[gnu::noinline]] void bind_packed(LineAddr line, PackedLine& l, unsigned first, unsigned end);
  // `thread` has made `bytes` PENDING.  `before`: the other bytes that are PENDING.
  template <class Record>
  void become_pending(ThreadNo thread, LineAddr line, Record& l, ByteMask bytes, ByteMask before);
  // `thread` flushes `bytes` of the line.  RETURNS: whether any of them was DIRTY.
  template <class Record>
  bool make_pending(ThreadNo thread, LineAddr line, Record& l, ByteMask bytes);
  // Shadow::sweep() with the machine's `forget`.
  template <class Visit, class VisitPage>
  void sweep(GuestRange range, Visit visit, VisitPage visit_page);
  // RETURNS: whether a store in this state joins the entry of the adjacent byte `index`.
  template <class Record>
  bool may_join(const Record& l, unsigned index, ByteState state) const {
    return rules_.joining == Joining::Touching && l.in_state(state).has(index);
  }
  // RETURNS: whether anything in `range` is outstanding.  For checks.
  bool is_outstanding(GuestRange range) {
    bool outstanding = false;
    shadow_.for_each_in(range, [&](LineAddr line, const auto& l) {
      outstanding = outstanding || (l.outstanding() & line.covered_by(range)).any();
    });
    return outstanding;
  }
  // RETURNS: whether `l` is none, or what find() returns.  For checks.
  bool is_plain_record(Shadow::Record l, LineAddr line) {
    const Shadow::Record plain = shadow_.find(line);
    return (l.packed == nullptr && l.full == nullptr) ||
           (l.packed == plain.packed && l.full == plain.full);
  }
  // RETURNS: the thread that stands for `thread` in pending_: whose fence completes its flushes.
  ThreadNo drained_by(ThreadNo thread) const {
    return rules_.fence_scope == FenceScope::process ? ThreadNo{1} : thread;
  }

  PmemMap pmem_;
  PmemMap known_;  // pmem_, and what was persistent before and has not been unmapped
  StoreFilter& filter_;
  MachineRules rules_;
  RangeMap<Domain> domains_;  // as set by set_domain(); elsewhere it is rules_.domain
  Shadow shadow_;
  std::size_t most_bytes_ = kBytesToKeep;  // give_back() when the shadow is larger
  std::size_t fenced_lines_ = 0;           // since the last give_back()
  MixedWords mixed_;
  PendingSets pending_;
};

}  // namespace pmemcheck
