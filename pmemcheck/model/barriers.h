// barriers.h: at which barrier a store should have been made durable.
//
// A store that is never flushed says nothing of when it was meant to be.  Most likely that was at
// the first barrier after it in its thread: the next fence, or the end of a transaction.
//
// Kept only where somebody is told of it: every store costs an entry here.
//
// Floor 1.  Tested in tests/model/test_barriers.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/range_list.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

enum class BarrierKind : std::uint8_t { None, Fence, TransactionEnd };

struct Barrier {
  BarrierKind kind = BarrierKind::None;
  StackId stack = StackId::None;
  constexpr bool operator==(const Barrier&) const = default;
};

class Barriers {
 public:
  // `thread` has stored to `range`: what was known of those bytes is void.
  void stored(ThreadNo thread, GuestRange range) {
    first_after_.erase(range);
    Vector<GuestRange>& waiting = waiting_.get(static_cast<std::uint32_t>(thread));
    if (waiting.is_empty() || waiting.back() != range) waiting.push_back(range);
  }

  // `thread` is at a barrier.  is_dirty(range) says whether a byte of it is not even flushed;
  // stack() is asked for the barrier's stack, once, and only where that is so.
  template <class IsDirty, class Stack>
  void reached(ThreadNo thread, BarrierKind kind, IsDirty is_dirty, Stack stack) {
    Vector<GuestRange>* waiting = waiting_.find(static_cast<std::uint32_t>(thread));
    if (waiting == nullptr || waiting->is_empty()) return;
    Barrier barrier{kind, StackId::None};
    for (const GuestRange range : *waiting) {
      if (!is_dirty(range)) continue;
      if (barrier.stack == StackId::None) barrier.stack = stack();
      first_after_.assign_gaps(range, barrier);
    }
    waiting->clear();
  }

  // The memory at `range` is mapped no longer: no store to it waits for a barrier.
  void forget(GuestRange range) {
    first_after_.erase(range);
    waiting_.for_each([&](std::uint64_t, Vector<GuestRange>& waiting) { cut_out(waiting, range); });
  }

  // The memory of `from` is at `to` from now on, with the stores to it.
  // REQUIRES: the two do not overlap, and `to` has been forgotten.
  void move(GuestRange from, GuestAddr to) {
    first_after_.move(from, to);
    waiting_.for_each(
        [&](std::uint64_t, Vector<GuestRange>& waiting) { move_ranges(waiting, from, to); });
  }

  // RETURNS: the barrier after the last store to `a`; of kind None where there was none.
  Barrier first_after(GuestAddr a) const {
    const auto* entry = first_after_.find(a);
    return entry != nullptr ? entry->value : Barrier{};
  }

 private:
  HashMap<Vector<GuestRange>> waiting_;  // by thread: stored to since its last barrier
  RangeMap<Barrier> first_after_;
};

}  // namespace pmemcheck
