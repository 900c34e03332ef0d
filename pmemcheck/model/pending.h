// pending.h: flushed bytes, and the thread whose fence makes each of them durable.
//
// A fence orders only the flushes of the thread that executes it (Intel SDM vol. 2A, CLWB and
// CLFLUSHOPT: "ordered by store-fencing operations" of the same logical processor).
//
// Nearly always a line with PENDING bytes has one owner, the thread that flushed them.  If several
// threads flushed different bytes of one line, the line is shared, and SharedLines has the bytes of
// each.  Each thread has a list of the lines that it flushed since its last fence, so the cost of a
// fence depends on what was flushed, not on what is outstanding.
//
// Floor 1.  Tested in tests/model/test_pending.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/base/vector.h"
#include "pmemcheck/model/line_state.h"

namespace pmemcheck {

// The owner of a line's PENDING bytes: a thread, several threads, or nobody (all-zero).
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
  // `thread` flushed `bytes`, and is their owner now.
  // RETURNS: whether the thread had no bytes of this line before.
  bool add(LineAddr line, ThreadNo thread, ByteMask bytes);
  // `thread` executes a fence.  RETURNS: its bytes of the line, which it no longer owns.
  ByteMask take(LineAddr line, ThreadNo thread);
  // RETURNS: whether any thread owns bytes of the line.
  bool has(LineAddr line);
  // Moves the bytes of line `from` to line `to`, whose own are forgotten.  Calls visit(thread) for
  // each thread that owns some of them.
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

  HashMap<Index> heads_;  // by line number, for shared lines only: the first of its shares
  Vector<Share> shares_;
  Index free_ = 0;
};

// The lines that a thread flushed since its last fence: runs of lines, in the order of the flushes,
// which may include a few other lines.  A line may be in several runs.
class FlushedLines {
 public:
  // REQUIRES: `run` consists of whole lines, and is not empty.
  void add(GuestRange run) {
    PM_DCHECK(!run.is_empty() && offset_in_line(run.begin) == 0 && offset_in_line(run.end) == 0);
    if (!runs_.is_empty() && run.begin - runs_.back().end <= kGap)
      runs_.back().end = run.end;
    else
      runs_.push_back(run);
  }
  void clear() { runs_.clear(); }
  const GuestRange* begin() const { return runs_.begin(); }
  const GuestRange* end() const { return runs_.end(); }

 private:
  // A run may include a gap of up to this many bytes that were not flushed, because visiting their
  // lines costs less than another run.
  static constexpr std::uint64_t kGap = 8 * kLineBytes;
  Vector<GuestRange> runs_;  // of whole lines
};

// The flushes that wait for a fence, by thread.  A thread is never ThreadNo::None.
class PendingSets {
 public:
  // `thread` flushed `bytes` of `line`, which are now PENDING.  `before`: the bytes of the line
  // that were PENDING before.  `owner`: the line's owner, which is updated.  REQUIRES: bytes.any().
  void flushed(ThreadNo thread, LineAddr line, ByteMask bytes, ByteMask before,
               PendingOwner& owner) {
    PM_DCHECK(thread != ThreadNo::None && bytes.any());
    if (owner.is(thread)) return;  // the line is in its list already
    // The line had no owner, or one whose bytes have all been stored to again.
    if (!owner.is_shared() && !before.any())
      owner.become(thread);
    else if (!share(thread, line, bytes, before, owner))
      return;
    lines_of(thread).add(line.bytes());
  }
  // `thread` flushed lines of `run`, and is their owner already.  REQUIRES: as for
  // FlushedLines::add().
  void flushed(ThreadNo thread, GuestRange run) { lines_of(thread).add(run); }

  // The record of line `from`, which has this owner, becomes the record of line `to`.
  void moved(LineAddr from, LineAddr to, PendingOwner owner);

  // `thread` executes a fence.  Calls visit_lines(run, visit_line) for runs that contain all lines
  // that it flushed since its last fence, and durable(record, bytes) with the bytes of a line that
  // its fence commits.  REQUIRES: visit_lines calls visit_line(line, record) for each line of the
  // run that has a record, or has the same effect.  A record has owner() and
  // set_owner(PendingOwner).
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
  // flushed(), if another thread owns PENDING bytes of the line.
  // RETURNS: whether `thread` owned none.
  bool share(ThreadNo thread, LineAddr line, ByteMask bytes, ByteMask before, PendingOwner& owner);

  FlushedLines& lines_of(ThreadNo thread) {
    PM_DCHECK(thread != ThreadNo::None);
    const auto index = static_cast<std::size_t>(thread);
    threads_.resize_at_least(index + 1);
    return threads_[index];
  }

  Vector<FlushedLines> threads_;  // by ThreadNo
  SharedLines shared_;
};

}  // namespace pmemcheck
