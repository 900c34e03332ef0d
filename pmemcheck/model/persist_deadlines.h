// persist_deadlines.h: the event by which each store should have been durable.
//
// If a store is never flushed, nothing shows when it was meant to be durable.  The most likely
// deadline is the first event after it at which its thread persists data: its next fence, or the
// end of a transaction.
//
// Kept only if deadlines are reported, because every store costs an entry here.
//
// Floor 1.  Tested in tests/model/test_persist_deadlines.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/range_list.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

enum class DeadlineKind : std::uint8_t { None, Fence, TransactionEnd };

struct PersistDeadline {
  DeadlineKind kind = DeadlineKind::None;
  StackId stack = StackId::None;
  constexpr bool operator==(const PersistDeadline&) const = default;
};

class PersistDeadlines {
 public:
  // `thread` has stored to `range`: earlier deadlines of those bytes are void.
  void stored(ThreadNo thread, GuestRange range) {
    first_after_.erase(range);
    Vector<GuestRange>& waiting = waiting_.get(static_cast<std::uint32_t>(thread));
    if (waiting.is_empty() || waiting.back() != range) waiting.push_back(range);
  }

  // `thread` executes a fence or ends a transaction.  is_dirty(range) returns whether any byte of
  // it has not been flushed; stack() returns the stack of the event, and is called at most once,
  // only if such a byte exists.  REQUIRES: kind != None.
  template <class IsDirty, class Stack>
  void reached(ThreadNo thread, DeadlineKind kind, IsDirty is_dirty, Stack stack) {
    PM_CHECK(kind != DeadlineKind::None);
    Vector<GuestRange>* waiting = waiting_.find(static_cast<std::uint32_t>(thread));
    if (waiting == nullptr || waiting->is_empty()) return;
    PersistDeadline deadline{kind, StackId::None};
    for (const GuestRange range : *waiting) {
      if (!is_dirty(range)) continue;
      if (deadline.stack == StackId::None) deadline.stack = stack();
      first_after_.assign_gaps(range, deadline);
    }
    waiting->clear();
  }

  // The memory at `range` is no longer mapped: stores to it have no deadline.
  // Takes time in proportion to the stores that wait for a deadline; unmapping persistent memory is
  // rare.
  void forget(GuestRange range) {
    first_after_.erase(range);
    waiting_.for_each([&](std::uint64_t, Vector<GuestRange>& waiting) { cut_out(waiting, range); });
  }

  // The memory at `from` has moved to `to`, and so have the stores to it.
  // REQUIRES: the two do not overlap, and `to` has been forgotten.
  void move(GuestRange from, GuestAddr to) {
    PM_CHECK(!from.overlaps(GuestRange::of(to, from.size())));
    first_after_.move(from, to);
    waiting_.for_each(
        [&](std::uint64_t, Vector<GuestRange>& waiting) { move_ranges(waiting, from, to); });
  }

  // RETURNS: the deadline of the last store to `a`; of kind None if there was none.
  PersistDeadline first_after(GuestAddr a) const {
    const auto* entry = first_after_.find(a);
    return entry != nullptr ? entry->value : PersistDeadline{};
  }

 private:
  HashMap<Vector<GuestRange>> waiting_;  // by thread: stored to since its last deadline
  RangeMap<PersistDeadline> first_after_;
};

}  // namespace pmemcheck
