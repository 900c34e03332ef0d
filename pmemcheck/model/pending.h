// pending.h: which thread's fence makes a flushed byte durable.
//
// A fence orders the flushes of the thread that executes it and of no other (Intel SDM vol. 2A,
// CLWB and CLFLUSHOPT: "ordered by store-fencing operations" of the same logical processor).
//
// A line with PENDING bytes has one owner, nearly always: the thread that flushed them.  Where
// several threads flushed different bytes of one line, the line is shared and SharedLines says
// which bytes are whose.  Each thread keeps the list of lines that it flushed since its last fence,
// so that a fence costs what was flushed, not what is outstanding.
//
// Floor 1.  Tested in tests/model/test_pending.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/line_map.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/base/vector.h"
#include "pmemcheck/model/line_state.h"

namespace pmemcheck {

// Whose PENDING bytes a line holds.  All-zero: nobody's.
class PendingOwner {
 public:
  constexpr bool is_nobody() const { return thread_ == 0; }
  constexpr bool is_shared() const { return thread_ == kShared; }
  constexpr bool is(ThreadNo t) const { return thread_ == static_cast<std::uint32_t>(t); }
  constexpr ThreadNo thread() const { return ThreadNo{thread_}; }
  constexpr void become_nobody() { thread_ = 0; }
  constexpr void become_shared() { thread_ = kShared; }
  constexpr void become(ThreadNo t) { thread_ = static_cast<std::uint32_t>(t); }

 private:
  static constexpr std::uint32_t kShared = ~std::uint32_t{0};
  std::uint32_t thread_ = 0;
};

// The lines whose PENDING bytes belong to several threads.
class SharedLines {
 public:
  // `thread` flushed `bytes`: whoever had them has them no longer.
  // RETURNS: whether the thread had nothing of this line before.
  bool add(LineAddr line, ThreadNo thread, ByteMask bytes);
  // `thread` fences.  RETURNS: its bytes of the line; it has none of them any more.
  ByteMask take(LineAddr line, ThreadNo thread);
  // RETURNS: whether any thread still has something of the line.
  bool has(LineAddr line);
  // What is known of `from` is about `to` from now on.  Calls visit(thread) for each thread that
  // has something of the line.
  template <class Visit>
  void move(LineAddr from, LineAddr to, Visit visit) {
    forget(to);
    const Index first = heads_.get(from).first;
    heads_.get(from).first = 0;
    heads_.get(to).first = first;
    for (Index i = first; i != 0; i = shares_[i - 1].next) visit(shares_[i - 1].thread);
  }

 private:
  using Index = std::uint32_t;  // into shares_, plus one; 0 ends a list
  struct Share {
    ThreadNo thread;
    ByteMask bytes;
    Index next;
  };
  struct Head {
    Index first;
  };

  void forget(LineAddr line);
  void release(Index share);

  LineMap<Head> heads_;
  Vector<Share> shares_;
  Index free_ = 0;
};

// The flushes that wait for a fence, by thread.
class PendingSets {
 public:
  // `thread` flushed `bytes` of `line`, which are now PENDING.  `before` are the bytes of the line
  // that were PENDING until then, `owner` is the line's.  REQUIRES: bytes.any().
  void flushed(ThreadNo thread, LineAddr line, ByteMask bytes, ByteMask before,
               PendingOwner& owner);

  // The record of line `from`, with `owner`, is that of line `to` from now on.
  void moved(LineAddr from, LineAddr to, PendingOwner owner);

  // `thread` fences: calls line_of(line) for each line that it flushed since its last fence, and
  // lets durable(record, bytes) know which of the line's bytes were its to commit.
  // LineOf: (LineAddr) -> Record*, with a member `owner` of type PendingOwner; null for a line of
  // which nothing is known any more.
  template <class LineOf, class Durable>
  void fence(ThreadNo thread, LineOf line_of, Durable durable) {
    Vector<LineAddr>& flushed = lines_of(thread);
    for (const LineAddr line : flushed) {
      auto* record = line_of(line);
      if (record == nullptr) continue;
      if (record->owner.is(thread)) {
        record->owner.become_nobody();
        durable(*record, ByteMask::all());
      } else if (record->owner.is_shared()) {
        const ByteMask bytes = shared_.take(line, thread);
        if (!shared_.has(line)) record->owner.become_nobody();
        durable(*record, bytes);
      }
    }
    flushed.clear();
  }

 private:
  Vector<LineAddr>& lines_of(ThreadNo thread);

  Vector<Vector<LineAddr>> threads_;  // by ThreadNo; a line may stand more than once
  SharedLines shared_;
};

}  // namespace pmemcheck
