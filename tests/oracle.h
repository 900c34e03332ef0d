// oracle.h: a model of the machine that is obviously right, to compare the machine with.
//
// It keeps a list of entries, as the rules of the report describe them.  Nothing is derived, cached
// or organised by line, so it is slow.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace pmemcheck::test {

enum class OracleState { Dirty, Flushed, NonTemporal };

struct OracleEntry {
  std::uint64_t begin, end;
  OracleState state;
  std::vector<int> owner;  // the thread that flushed each byte, if it is pending
  std::vector<int> stack;  // the stack of each byte
};

class Oracle {
 public:
  using SamePlace = std::function<bool(int, int)>;
  explicit Oracle(SamePlace same_place) : same_place_(same_place) {}

  void store(std::uint64_t begin, std::uint64_t end, int stack) {
    put(begin, end, stack, OracleState::Dirty, 0);
  }

  void store_non_temporal(std::uint64_t begin, std::uint64_t end, int stack, int thread) {
    put(begin, end, stack, OracleState::NonTemporal, thread);
  }

  void flush(std::uint64_t begin, std::uint64_t end, int thread) {
    cut(begin);
    cut(end);
    for (OracleEntry& e : entries_) {
      if (e.begin < begin || end < e.end) continue;
      if (e.state == OracleState::Dirty) e.owner.assign(e.end - e.begin, thread);
      e.state = OracleState::Flushed;
    }
  }

  // Makes everything in the range durable.
  void strong_flush(std::uint64_t begin, std::uint64_t end) { take_away(begin, end); }

  void fence(int thread) {
    for (std::size_t i = 0; i < entries_.size(); i++)
      for (std::uint64_t b = entries_[i].begin;
           entries_[i].state != OracleState::Dirty && b < entries_[i].end; b++)
        if (entries_[i].owner[b - entries_[i].begin] == thread) {
          take_away(b, b + 1);
          i = static_cast<std::size_t>(-1);  // the list has changed: start again
          break;
        }
  }

  // Removes [begin, end) from all entries that contain a part of it.
  void take_away(std::uint64_t begin, std::uint64_t end) {
    cut(begin);
    cut(end);
    std::erase_if(entries_, [&](const OracleEntry& e) { return begin <= e.begin && e.end <= end; });
  }

  const std::vector<OracleEntry>& entries() const { return entries_; }

 private:
  void put(std::uint64_t begin, std::uint64_t end, int stack, OracleState state, int thread) {
    take_away(begin, end);
    OracleEntry fresh{begin, end, state, std::vector<int>(end - begin, thread),
                      std::vector<int>(end - begin, stack)};
    for (std::size_t i = 0; i < entries_.size();) {
      const OracleEntry& e = entries_[i];
      const bool before =
          e.end == fresh.begin && e.state == state && same_place_(e.stack.back(), stack);
      const bool after =
          e.begin == fresh.end && e.state == state && same_place_(e.stack.front(), stack);
      if (!before && !after) {
        i++;
        continue;
      }
      fresh = before ? glue(e, fresh) : glue(fresh, e);
      entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(i));
      i = 0;
    }
    entries_.push_back(fresh);
  }

  static OracleEntry part(const OracleEntry& e, std::uint64_t begin, std::uint64_t end) {
    const auto first = static_cast<std::ptrdiff_t>(begin - e.begin);
    const auto last = static_cast<std::ptrdiff_t>(end - e.begin);
    return {begin,
            end,
            e.state,
            {e.owner.begin() + first, e.owner.begin() + last},
            {e.stack.begin() + first, e.stack.begin() + last}};
  }
  static OracleEntry glue(const OracleEntry& low, const OracleEntry& high) {
    OracleEntry both = low;
    both.end = high.end;
    both.owner.insert(both.owner.end(), high.owner.begin(), high.owner.end());
    both.stack.insert(both.stack.end(), high.stack.begin(), high.stack.end());
    return both;
  }
  // Splits the entry that contains both sides of `at`.
  void cut(std::uint64_t at) {
    for (std::size_t i = 0; i < entries_.size(); i++) {
      const OracleEntry e = entries_[i];
      if (e.begin < at && at < e.end) {
        entries_[i] = part(e, e.begin, at);
        entries_.push_back(part(e, at, e.end));
      }
    }
  }

  SamePlace same_place_;
  std::vector<OracleEntry> entries_;
};

}  // namespace pmemcheck::test
