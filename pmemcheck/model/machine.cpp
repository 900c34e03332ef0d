// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/machine.h"

#include <algorithm>

#include "pmemcheck/base/check.h"

namespace pmemcheck {

// ---- stores -------------------------------------------------------------------------------------
//
// If a program stores all over a large memory, that memory and its shadow are not in a cache.  The
// host's processor can wait for several cache misses at the same time if few instructions lie
// between them, few of those are stores (the store buffer drains in order, so they queue behind a
// miss), and no branch depends on the contents of a line.  So store() handles nearly every store in
// one piece of code, without calls except tail calls.

template <class Record>
inline void Machine::become_pending(ThreadNo thread, LineAddr line, Record& l, ByteMask bytes,
                                    ByteMask before) {
  PendingOwner owner = l.owner();
  pending_.flushed(drained_by(thread), line, bytes, before, owner);
  if (!l.set_owner(owner)) shadow_.get_full(line).set_owner(owner);
}

template <class Record>
void Machine::bind_across_edges(LineAddr line, Record& l, unsigned first, unsigned end,
                                ByteState state) {
  bool joined = false;
  if (first == 0) {
    shadow_.with_previous(line, l, [&](auto& before) {
      joined = may_join(before, kLineBytes - 1, state);
      if (joined) before.set_joined_to_next(true);
    });
    l.set_joined_to_previous(joined);
  }
  joined = false;
  if (end == kLineBytes) {
    shadow_.with_next(line, l, [&](auto& after) {
      joined = may_join(after, 0, state);
      if (joined) after.set_joined_to_previous(true);
    });
    l.set_joined_to_next(joined);
  }
}

void Machine::bind_packed(LineAddr line, PackedLine& l, unsigned first, unsigned end) {
  bind_across_edges(line, l, first, end, ByteState::Dirty);
}

inline bool Machine::store_if_it_fits(GuestRange range, StackId stack, PackedLine& l) {
  const unsigned first = offset_in_line(range.begin);
  const unsigned end = first + static_cast<unsigned>(range.size());
  if (!l.store(first, end, stack, rules_.joining == Joining::Touching)) return false;
  if (first == 0 || end == kLineBytes) bind_packed(LineAddr::holding(range.begin), l, first, end);
  return true;
}

void Machine::store_packed(GuestRange range, StackId stack, PackedLine& l) {
  // The thread matters for non-temporal stores only.
  if (!store_if_it_fits(range, stack, l))
    store_in_parts(ThreadNo::None, range, stack, StoreKind::Ordinary);
}

template <StoreKind kind>
void Machine::store_full(ThreadNo thread, GuestRange range, StackId stack, Line& l) {
  constexpr bool kIsOrdinary = kind == StoreKind::Ordinary;
  constexpr ByteState kState = kIsOrdinary ? ByteState::Dirty : ByteState::NonTemporal;
  const LineAddr line = LineAddr::holding(range.begin);
  const unsigned first = offset_in_line(range.begin);
  const unsigned end = first + static_cast<unsigned>(range.size());
  const ByteMask bytes = ByteMask::of(first, end), pending = l.pending().without(bytes);
  if constexpr (kIsOrdinary)
    l.state().store(bytes);
  else
    l.state().store_non_temporal(bytes);
  l.joints().bind(bytes, rules_.joining == Joining::Touching ? l.in_state(kState) : bytes);
  if (!l.origins().set_words(bytes, l.outstanding(), stack))
    l.origins().set(bytes, l.outstanding().without(bytes), stack, mixed_);
  if (first == 0 || end == kLineBytes) bind_across_edges(line, l, first, end, kState);
  if constexpr (!kIsOrdinary) become_pending(thread, line, l, bytes, pending);
}

void Machine::store(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind) {
  PM_DCHECK(thread != ThreadNo::None || kind == StoreKind::Ordinary);
  const LineAddr line = LineAddr::holding(range.begin);
  const std::uint64_t first = offset_in_line(range.begin), end = first + range.size();
  if (end <= kLineBytes && pmem_.last_holds(range)) {
    const Shadow::Record l = shadow_.find_recent(line);
    PM_DCHECK(is_plain_record(l, line));
    if (kind == StoreKind::NonTemporal) {
      if (l.full != nullptr)
        return store_full<StoreKind::NonTemporal>(thread, range, stack, *l.full);
    } else if (is_all_adr()) {
      PM_DCHECK(first_domain_in(range).range == range && domain_of(range.begin) == Domain::adr);
      if (l.full != nullptr) return store_full<StoreKind::Ordinary>(thread, range, stack, *l.full);
      if (l.packed != nullptr) return store_packed(range, stack, *l.packed);
    }
  }
  store_in_parts(thread, range, stack, kind);
}

void Machine::store_in_parts(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind) {
  if (shadow_.bytes() > most_bytes_) give_back();
  pmem_.for_each_part(range, [&](GuestRange persistent) {
    for (GuestRange rest = persistent; !rest.is_empty();) {
      const DomainPart part = first_domain_in(rest);
      store_in_domain(thread, part.range, stack, kind, part.domain);
      rest.begin = part.range.end;
    }
  });
}

void Machine::store_in_domain(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind,
                              Domain domain) {
  // A non-temporal store waits in a buffer that is outside every persistence domain.
  if (domain == Domain::eadr && kind == StoreKind::Ordinary) {
    set_clean(range);
    return;
  }
  const LineAddr first = LineAddr::holding(range.begin);
  const LineAddr last = LineAddr::holding(GuestAddr(range.end.raw() - 1));
  for (LineAddr line = first; line <= last; line = line.next())
    store_in_line(thread, line, line.covered_by(range), stack, kind);
  // A store across the edge of a line is one entry: join its parts.
  for (LineAddr line = first; line < last; line = line.next()) {
    shadow_.with(line, [](auto& l) { l.set_joined_to_next(true); });
    shadow_.with(line.next(), [](auto& l) { l.set_joined_to_previous(true); });
  }
}

void Machine::store_in_line(ThreadNo thread, LineAddr line, ByteMask bytes, StackId stack,
                            StoreKind kind) {
  const GuestRange range{line.begin() + bytes.first(), line.begin() + bytes.end()};
  PM_DCHECK(line.covered_by(range) == bytes);  // it is one run
  if (kind == StoreKind::NonTemporal)
    return store_full<StoreKind::NonTemporal>(thread, range, stack, shadow_.get_full(line));
  PackedLine* packed = shadow_.get(line).packed;
  if (packed != nullptr && store_if_it_fits(range, stack, *packed)) return;
  store_full<StoreKind::Ordinary>(thread, range, stack, shadow_.get_full(line));
}

// ---- flushes and fences -------------------------------------------------------------------------

template <class Record>
inline bool Machine::make_pending(ThreadNo thread, LineAddr line, Record& l, ByteMask bytes) {
  const ByteMask before = l.pending();
  const ByteMask useful = l.flush(bytes);
  if (useful.any()) become_pending(thread, line, l, useful, before);
  return useful.any();
}

ByteMask Machine::flush_line(ThreadNo thread, LineAddr line, FlushOrder order) {
  PM_DCHECK(thread != ThreadNo::None);
  ByteMask useful;
  shadow_.with(line, [&](auto& l) {
    useful = l.dirty();
    l.cut_before(0);
    l.cut_before(kLineBytes);
    switch (order) {
    case FlushOrder::Weak: make_pending(thread, line, l, ByteMask::all()); break;
    case FlushOrder::Strong: l.clean(ByteMask::all()); break;
    }
  });
  return useful;
}

bool Machine::flush_range(ThreadNo thread, GuestRange range) {
  PM_CHECK(thread != ThreadNo::None);
  if (range.is_empty()) return false;
  shadow_.unpack_at_edges(range);
  const LineAddr first = LineAddr::holding(range.begin);
  const LineAddr last = LineAddr::holding(GuestAddr(range.end.raw() - 1));
  shadow_.with(first, [&](auto& l) { l.cut_before(offset_in_line(range.begin)); });
  shadow_.with(last,
               [&](auto& l) { l.cut_before(static_cast<unsigned>(range.end - last.begin())); });
  bool useful = false;
  const ThreadNo owner = drained_by(thread);
  shadow_.for_each_in(
      range,
      [&](LineAddr line, auto& l) {
        useful = make_pending(thread, line, l, line.covered_by(range)) || useful;
      },
      [&](GuestRange lines, PackedPage& page) {
        if (!page.can_be_flushed_by(owner)) return false;
        if (page.flush(owner)) {
          pending_.flushed(owner, lines);
          useful = true;
        }
        return true;
      });
  return useful;
}

bool Machine::fence(ThreadNo thread) {
  PM_DCHECK(thread != ThreadNo::None);
  bool durable = false;
  const ThreadNo owner = drained_by(thread);
  const std::size_t lines = shadow_.lines();
  const bool gives_back = shadow_.bytes() > kBytesToKeep;
  const auto fence_page = [&](GuestRange, PackedPage& page) {
    const PackedPage::Fenced fenced = page.fence(owner);
    durable = fenced.durable || durable;
    fenced_lines_ += fenced.lines;
    return true;
  };
  pending_.fence(
      owner,
      [&](GuestRange run, auto visit) {
        if (gives_back)
          sweep(run, visit, fence_page);
        else
          shadow_.for_each_in(run, visit, fence_page);
      },
      [&](auto& l, ByteMask bytes) {
        durable = l.fence(bytes).any() || durable;
        fenced_lines_++;
      });
  fenced_lines_ -= std::min(fenced_lines_, lines - shadow_.lines());
  if (fenced_lines_ >= shadow_.lines() / 2 && shadow_.bytes() > kBytesToKeep) give_back();
  return durable;
}

// ---- the state of a range -----------------------------------------------------------------------

bool Machine::set_clean(GuestRange range) {
  bool forgotten = false;
  shadow_.unpack_at_edges(range);
  shadow_.for_each_in(range, [&](LineAddr line, auto& l) {
    forgotten = l.clean(line.covered_by(range)).any() || forgotten;
  });
  return forgotten;
}

template <class Visit, class VisitPage>
void Machine::sweep(GuestRange range, Visit visit, VisitPage visit_page) {
  shadow_.sweep(range, visit, visit_page, [&](Line& l) { l.origins().forget(mixed_); });
}

void Machine::give_back() {
  sweep(
      GuestRange::everything(), [](LineAddr, const auto&) {},
      [](GuestRange, PackedPage&) { return true; });
  shadow_.prune();
  most_bytes_ = std::max(kBytesToKeep, 2 * shadow_.bytes());
  fenced_lines_ = 0;
}

void Machine::unmap(GuestRange range) {
  set_clean(range);
  remove_pmem(range);
  known_.remove(range);
  domains_.erase(range);
}

void Machine::move(GuestRange from, GuestAddr to) {
  PM_CHECK(offset_in_line(from.begin) == 0 && offset_in_line(to) == 0);
  PM_CHECK(!GuestRange::of(to, from.size()).overlaps(from));
  PM_DCHECK(!is_outstanding(GuestRange::of(to, from.size())));
  const std::uint64_t shift = to - from.begin;  // wraps where memory moves down
  if (!knows(from)) return;
  for (GuestRange part = pmem_.first_part(from); !part.is_empty(); part = pmem_.first_part(from)) {
    remove_pmem(part);
    add_pmem(GuestRange::of(part.begin + shift, part.size()));
  }
  known_.move(from, to);
  domains_.move(from, to);
  // At the new place the first and last line have other neighbours.
  const LineAddr first = LineAddr::holding(to);
  const LineAddr next = LineAddr::holding(to + from.size());
  shadow_.with(first.previous(), [](auto& before) { before.cut_before(kLineBytes); });
  shadow_.with(next, [](auto& after) { after.cut_before(0); });
  Vector<LineAddr> lines;
  shadow_.for_each_in(from, [&](LineAddr line, const auto& l) {
    if (l.outstanding().any()) lines.push_back(line);
  });
  for (const LineAddr line : lines) {
    const LineAddr there = LineAddr::holding(line.begin() + shift);
    Line& target = shadow_.get_full(there);
    Line& source = shadow_.get_full(line);
    // `there` is overwritten: release the records that its clean bytes may still refer to.
    target.origins().forget(mixed_);
    pending_.moved(line, there, source.owner());
    target = source;
    if (there == first) target.cut_before(0);
    if (there.next() == next) target.cut_before(kLineBytes);
    source = Line{};
  }
}

}  // namespace pmemcheck
