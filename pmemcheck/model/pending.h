// pending.h: which thread's fence makes a flushed byte durable.
//
// A fence orders the flushes of the thread that executes it and of no other (Intel SDM vol. 2A,
// CLWB and CLFLUSHOPT: "ordered by store-fencing operations" of the same logical processor).
//
// A line with PENDING bytes has one owner, nearly always: the thread that flushed them.  Where
// several threads flushed different bytes of one line, the line is shared and SharedLines says
// which bytes are whose.  Each thread remembers which lines it flushed since its last fence, so
// that a fence costs what was flushed, not what is outstanding.
//
// Floor 1.  Tested in tests/model/test_pending.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/hash_map.h"
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
    const Index* head = heads_.find(from.number());
    if (head == nullptr) return;
    const Index first = *head;
    heads_.erase(from.number());
    heads_.get(to.number()) = first;
    for (Index i = first; i != 0; i = shares_[i - 1].next) visit(shares_[i - 1].thread);
  }

 private:
  using Index = std::uint32_t;  // into shares_, plus one; 0 ends a list
  struct Share {
    ThreadNo thread;
    ByteMask bytes;
    Index next;
  };
  void forget(LineAddr line);
  void release(Index share);

  HashMap<Index> heads_;  // by line number: the first of its shares; of others, nothing
  Vector<Share> shares_;
  Index free_ = 0;
};

// The lines that a thread flushed since its last fence, as it came by them: runs of lines, and few
// others among them.  A line may stand in several.
class FlushedLines {
 public:
  // `run`: from line to line.
  void add(GuestRange run) {
    if (!runs_.is_empty() && run.begin - runs_.back().end <= kGap)
      runs_.back().end = run.end;
    else
      runs_.push_back(run);
  }
  void clear() { runs_.clear(); }
  const GuestRange* begin() const { return runs_.begin(); }
  const GuestRange* end() const { return runs_.end(); }

 private:
  // A run goes on behind as many bytes that were not flushed: to look at their lines costs less
  // than another run.
  static constexpr std::uint64_t kGap = 8 * kLineBytes;
  Vector<GuestRange> runs_;  // each from line to line
};

// The flushes that wait for a fence, by thread.
class PendingSets {
 public:
  // `thread` flushed `bytes` of `line`, which are now PENDING.  `before` are the bytes of the line
  // that were PENDING until then, `owner` is the line's.  REQUIRES: bytes.any().
  void flushed(ThreadNo thread, LineAddr line, ByteMask bytes, ByteMask before,
               PendingOwner& owner) {
    PM_DCHECK(bytes.any());
    if (owner.is(thread)) return;  // it knows that it flushed the line
    // From nobody, or from a thread whose bytes were stored to again.
    if (!owner.is_shared() && !before.any())
      owner.become(thread);
    else if (!share(thread, line, bytes, before, owner))
      return;
    lines_of(thread).add(line.bytes());
  }
  // The same for some or all lines of `run`, which have `thread` for their owner now.
  void flushed(ThreadNo thread, GuestRange run) { lines_of(thread).add(run); }

  // The record of line `from`, with `owner`, is that of line `to` from now on.
  void moved(LineAddr from, LineAddr to, PendingOwner owner);

  // `thread` fences: calls visit_lines(run, visit_line) for runs that hold each line which it
  // flushed since its last fence, and lets durable(record, bytes) know which of a line's bytes were
  // its to commit.  visit_lines has to call visit_line(line, record) for each line of the run that
  // anything is known of, or to do the same; the record has owner() and set_owner(PendingOwner).
  template <class VisitLines, class Durable>
  void fence(ThreadNo thread, VisitLines visit_lines, Durable durable) {
    FlushedLines& flushed = lines_of(thread);
    for (const GuestRange run : flushed)
      visit_lines(run, [&](LineAddr line, auto& record) {
        const PendingOwner owner = record.owner();
        if (owner.is(thread)) {
          record.set_owner(PendingOwner());
          durable(record, ByteMask::all());
        } else if (owner.is_shared()) {
          const ByteMask bytes = shared_.take(line, thread);
          if (!shared_.has(line)) record.set_owner(PendingOwner());
          durable(record, bytes);
        }
      });
    flushed.clear();
  }

 private:
  // flushed(), where another thread has PENDING bytes of the line.
  // RETURNS: whether `thread` had none.
  bool share(ThreadNo thread, LineAddr line, ByteMask bytes, ByteMask before, PendingOwner& owner);

  FlushedLines& lines_of(ThreadNo thread) {
    const auto index = static_cast<std::size_t>(thread);
    threads_.resize_at_least(index + 1);
    return threads_[index];
  }

  Vector<FlushedLines> threads_;  // by ThreadNo
  SharedLines shared_;
};

}  // namespace pmemcheck
