// range_map.h: disjoint ranges of guest memory, each with a value, sorted by address.
//
// Ranges are stored in blocks, and the blocks in a table, like a B-tree of two levels: a lookup
// touches few cache lines, however many ranges there are.
//
// Floor 0.  Tested in tests/base/test_range_map.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "pmemcheck/base/types.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

// Value needs ==, because touching ranges with equal values are merged.
// kMost: the capacity of a block, in ranges.
// INVARIANT: ranges are not empty, do not overlap, and touching ones differ in value.
template <class Value, std::size_t kMost = 128>
class RangeMap {
 public:
  struct Entry {
    GuestRange range;
    Value value;
  };

  std::size_t size() const { return size_; }

  // RETURNS: the entry that contains `a`, or null.  Valid until the next change.  Fast if `a` is
  // near the address that was looked up last.
  const Entry* find(GuestAddr a) const {
    const Entry* e = at(before(after(a)));
    return e != nullptr && e->range.contains(a) ? e : nullptr;
  }

  // RETURNS: the lowest entry that overlaps `range`, or null.
  const Entry* first_in(GuestRange range) const { return at(lowest_in(range)); }

  // Calls visit(entry) for every entry that overlaps `range`, lowest first.
  // REQUIRES: visit does not change the map.
  template <class Visit>
  void for_each_in(GuestRange range, Visit visit) const {
    Position p = lowest_in(range);
    for (const Entry* e = at(p); e != nullptr && e->range.overlaps(range); e = at(p)) {
      visit(*e);
      p = next(p);
    }
  }

  // Gives every byte of `range` the value.
  void assign(GuestRange range, Value value) {
    erase(range);
    fill(range, value);
  }

  // Gives the value to the bytes of `range` that have none.
  void assign_gaps(GuestRange range, Value value) {
    while (!range.is_empty()) {
      const Entry* next = first_in(range);
      const GuestRange known = next != nullptr ? next->range : GuestRange{range.end, range.end};
      if (range.begin < known.begin) fill({range.begin, known.begin}, value);
      range.begin = known.end < range.end ? known.end : range.end;
    }
  }

  // Removes this value from the bytes of `range` that have it.
  void erase_value(GuestRange range, Value value) {
    while (const Entry* next = first_in(range)) {
      const GuestRange part = next->range.intersection(range);
      if (next->value == value) erase(part);
      range.begin = part.end;
    }
  }

  // Removes the values of `range`.  An entry that extends beyond it keeps the rest.
  void erase(GuestRange range) {
    for (Position p = lowest_in(range); Entry* e = at(p); p = lowest_in(range)) {
      const Entry old = *e;
      if (old.range.begin < range.begin)
        e->range.end = range.begin;
      else
        remove(p);
      if (range.end < old.range.end) insert(Entry{{range.end, old.range.end}, old.value});
      if (old.range.end >= range.end) return;
    }
  }

  // Moves the values of `from` to the same number of bytes at `to`; the two may overlap.  `from`
  // and the earlier values of the target are erased first.  A value becomes changed(value,
  // distance), where the distance is modulo 2^64 because memory may move down.  Values that would
  // pass the top of the address space are lost.
  template <class Changed>
  void move(GuestRange from, GuestAddr to, Changed changed) {
    const std::uint64_t distance = to - from.begin;
    const GuestRange target = GuestRange::of(to, from.size());
    const GuestRange source{from.begin, from.begin + target.size()};
    Vector<Entry> moved;
    for_each_in(source, [&](const Entry& e) {
      const GuestRange part = e.range.intersection(source);
      moved.push_back({{part.begin + distance, part.end + distance}, changed(e.value, distance)});
    });
    erase(from);
    erase(target);
    for (const Entry& e : moved) fill(e.range, e.value);
  }
  void move(GuestRange from, GuestAddr to) {
    move(from, to, [](Value value, std::uint64_t) { return value; });
  }

  void clear() {
    while (blocks_.size() > 1) blocks_.pop_back();
    if (!blocks_.is_empty()) blocks_[0].entries.clear();
    size_ = 0;
  }

  bool is_valid() const {
    std::size_t count = 0;
    const Entry* previous = nullptr;
    for (const Block& block : blocks_) {
      if (previous == nullptr ? block.begin != GuestAddr(0)
                              : block.begin <= previous->range.begin || block.entries.is_empty())
        return false;
      if (block.entries.size() > kMost) return false;
      for (const Entry& e : block.entries) {
        if (e.range.is_empty() || e.range.begin < block.begin) return false;
        if (previous != nullptr &&
            !(previous->range.end < e.range.begin ||
              (previous->range.end == e.range.begin && previous->value != e.value)))
          return false;
        previous = &e;
        count++;
      }
    }
    return count == size_;
  }

 private:
  // INVARIANT: begins ascend, the first is 0.  No block is empty unless it is the only one.
  struct Block {
    GuestAddr begin;  // the lowest address at which an entry of the block may begin
    Vector<Entry> entries;
  };
  // An index into blocks_, and one into that block's entries.  There may be no entry there.
  struct Position {
    std::size_t block, index;
    constexpr bool operator==(const Position&) const = default;
  };
  static constexpr Position kNowhere{~std::size_t{0}, 0};

  const Entry* at(Position p) const {
    if (p.block >= blocks_.size() || p.index >= blocks_[p.block].entries.size()) return nullptr;
    return &blocks_[p.block].entries[p.index];
  }
  Entry* at(Position p) { return const_cast<Entry*>(std::as_const(*this).at(p)); }
  // RETURNS: `p`, or the first position of the next block if `p` is past the last entry of its
  // block.
  Position entry_from(Position p) const { return at(p) == nullptr ? Position{p.block + 1, 0} : p; }
  Position next(Position p) const { return entry_from({p.block, p.index + 1}); }
  Position before(Position p) const {
    if (p.index > 0) return {p.block, p.index - 1};
    return p.block > 0 ? Position{p.block - 1, blocks_[p.block - 1].entries.size() - 1} : kNowhere;
  }

  // Elements 0 .. count - 1 are sorted by begin_of(index).  RETURNS: how many begin at `a` or
  // below.
  template <class BeginOf>
  static std::size_t count_up_to(GuestAddr a, std::size_t count, BeginOf begin_of) {
    std::size_t below = 0;
    while (below < count) {
      const std::size_t middle = below + (count - below) / 2;
      if (begin_of(middle) <= a)
        below = middle + 1;
      else
        count = middle;
    }
    return below;
  }

  // RETURNS: the position after the last entry that begins at or below `a`, where a new entry would
  // go.  Fast if the answer is the same as last time.
  Position after(GuestAddr a) const {
    if (blocks_.is_empty()) return {0, 0};
    if (!is_after(a, found_)) found_ = search(a);
    PM_DCHECK(found_ == search(a));
    return found_;
  }
  // after(), by binary search.  REQUIRES: there is a block.
  Position search(GuestAddr a) const {
    const std::size_t block =
        count_up_to(a, blocks_.size(), [&](std::size_t i) { return blocks_[i].begin; }) - 1;
    const Vector<Entry>& entries = blocks_[block].entries;
    return {block,
            count_up_to(a, entries.size(), [&](std::size_t i) { return entries[i].range.begin; })};
  }
  // RETURNS: whether after(a) is `p`.
  bool is_after(GuestAddr a, Position p) const {
    if (p.block >= blocks_.size()) return false;
    const Block& block = blocks_[p.block];
    if (p.index > block.entries.size()) return false;
    if (a < (p.index == 0 ? block.begin : block.entries[p.index - 1].range.begin)) return false;
    if (p.index < block.entries.size()) return a < block.entries[p.index].range.begin;
    return p.block + 1 == blocks_.size() || a < blocks_[p.block + 1].begin;
  }

  // RETURNS: the position of the lowest entry that overlaps `range`, or kNowhere.
  Position lowest_in(GuestRange range) const {
    if (range.is_empty()) return kNowhere;
    const auto has = [&](Position p) {
      const Entry* e = at(p);
      return e != nullptr && e->range.overlaps(range);
    };
    const Position above = after(range.begin);
    if (const Position p = before(above); has(p)) return p;
    const Position p = entry_from(above);
    return has(p) ? p : kNowhere;
  }

  // REQUIRES: no byte of `range` has a value.
  void fill(GuestRange range, Value value) {
    if (range.is_empty()) return;
    const Position above = after(range.begin);
    Entry* const low = at(before(above));
    if (const Position p = entry_from(above); const Entry* high = at(p))
      if (high->range.begin == range.end && high->value == value) {
        range.end = high->range.end;
        remove(p);
      }
    if (low != nullptr && low->range.end == range.begin && low->value == value)
      low->range.end = range.end;
    else
      insert(Entry{range, value});
  }

  // REQUIRES: no byte of the entry's range has a value.
  void insert(Entry entry) {
    if (blocks_.is_empty()) blocks_.push_back({});
    Position p = after(entry.range.begin);
    if (blocks_[p.block].entries.size() == kMost) {
      split(p.block);
      p = after(entry.range.begin);
    }
    blocks_[p.block].entries.insert(p.index, entry);
    size_++;
  }

  // Splits a block in two.
  void split(std::size_t block) {
    Vector<Entry>& low = blocks_[block].entries;
    Block high;
    const std::size_t kept = low.size() / 2;
    high.begin = low[kept].range.begin;
    for (std::size_t i = kept; i < low.size(); i++) high.entries.push_back(low[i]);
    while (low.size() > kept) low.pop_back();
    blocks_.insert(block + 1, std::move(high));
  }

  // REQUIRES: there is an entry at `p`.
  void remove(Position p) {
    blocks_[p.block].entries.erase(p.index);
    size_--;
    if (!blocks_[p.block].entries.is_empty() || blocks_.size() == 1) return;
    blocks_.erase(p.block);
    blocks_[0].begin = GuestAddr(0);
  }

  Vector<Block> blocks_;
  std::size_t size_ = 0;
  mutable Position found_ = kNowhere;  // what after() returned last; may be out of date
};

}  // namespace pmemcheck
