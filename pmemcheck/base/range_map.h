// range_map.h: disjoint ranges of guest memory, each with a value, in order of address.
//
// A few of them lie side by side in a block, and the blocks in a table, as in a B-tree of two
// levels: what is looked up is found among few cache lines, however many ranges there are.
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

// Value needs ==: ranges that touch and have equal values are one range.
// kMost: how many ranges a block has, at most.
// INVARIANT: ranges are not empty, do not overlap, and touching ones differ in value.
template <class Value, std::size_t kMost = 128>
class RangeMap {
 public:
  struct Entry {
    GuestRange range;
    Value value;
  };

  std::size_t size() const { return size_; }

  // RETURNS: the entry that holds `a`, or null.  Valid until the next change.  Quick beside what
  // was looked up last.
  const Entry* find(GuestAddr a) const {
    const Entry* e = at(before(after(a)));
    return e != nullptr && e->range.contains(a) ? e : nullptr;
  }

  // RETURNS: the lowest entry that shares a byte with `range`, or null.
  const Entry* first_in(GuestRange range) const { return at(lowest_in(range)); }

  // Calls visit(entry) for every entry that shares a byte with `range`, lowest first.
  // REQUIRES: visit does not change the map.
  template <class Visit>
  void for_each_in(GuestRange range, Visit visit) const {
    Place p = lowest_in(range);
    for (const Entry* e = at(p); e != nullptr && e->range.overlaps(range); e = at(p)) {
      visit(*e);
      p = next(p);
    }
  }

  // Gives `range` the value, whatever was there before.
  void assign(GuestRange range, Value value) {
    erase(range);
    fill(range, value);
  }

  // Gives the value to those bytes of `range` that have none.
  void assign_gaps(GuestRange range, Value value) {
    while (!range.is_empty()) {
      const Entry* next = first_in(range);
      const GuestRange known = next != nullptr ? next->range : GuestRange{range.end, range.end};
      if (range.begin < known.begin) fill({range.begin, known.begin}, value);
      range.begin = known.end < range.end ? known.end : range.end;
    }
  }

  // Takes the value away from those bytes of `range` that have just this one.
  void erase_value(GuestRange range, Value value) {
    while (const Entry* next = first_in(range)) {
      const GuestRange part = next->range.intersection(range);
      if (next->value == value) erase(part);
      range.begin = part.end;
    }
  }

  // Carves `range` out: what an entry had on either side of it stays.
  void erase(GuestRange range) {
    for (Place p = lowest_in(range); Entry* e = at(p); p = lowest_in(range)) {
      const Entry old = *e;
      if (old.range.begin < range.begin)
        e->range.end = range.begin;
      else
        remove(p);
      if (range.end < old.range.end) insert(Entry{{range.end, old.range.end}, old.value});
      if (old.range.end >= range.end) return;
    }
  }

  // Moves the values of `from` to as many bytes from `to` on; the two may overlap.  A byte there
  // whose counterpart has no value has none after that, nor has what is left behind.  A value
  // becomes changed(value, distance); the distance is modulo 2^64, as memory may move down.  What
  // would pass the top of the address space is lost.
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
  // INVARIANT: begins are 0 for the first block, and ascend; only the first may be empty, if there
  // is no other.
  struct Block {
    GuestAddr begin;  // what begins from here to where the next block begins is in this one
    Vector<Entry> entries;
  };
  // Of an entry, or of none: an index into blocks_, one into its entries.
  struct Place {
    std::size_t block, index;
  };
  static constexpr Place kNowhere{~std::size_t{0}, 0};

  const Entry* at(Place p) const {
    if (p.block >= blocks_.size() || p.index >= blocks_[p.block].entries.size()) return nullptr;
    return &blocks_[p.block].entries[p.index];
  }
  Entry* at(Place p) { return const_cast<Entry*>(std::as_const(*this).at(p)); }
  // RETURNS: `p`, or where the next block begins if `p` is behind the last entry of its own.
  Place entry_from(Place p) const { return at(p) == nullptr ? Place{p.block + 1, 0} : p; }
  Place next(Place p) const { return entry_from({p.block, p.index + 1}); }
  Place before(Place p) const {
    if (p.index > 0) return {p.block, p.index - 1};
    return p.block > 0 ? Place{p.block - 1, blocks_[p.block - 1].entries.size() - 1} : kNowhere;
  }

  // RETURNS: how many of things 0 to `count`, in ascending order, begin at `a` or below it.
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

  // RETURNS: the place behind the last entry that begins at `a` or below it: where one would go.
  // Quick if it is the one found last.
  Place after(GuestAddr a) const {
    if (blocks_.is_empty()) return {0, 0};
    if (is_after(a, found_)) return found_;
    const std::size_t block =
        count_up_to(a, blocks_.size(), [&](std::size_t i) { return blocks_[i].begin; }) - 1;
    const Vector<Entry>& entries = blocks_[block].entries;
    found_ = {block, count_up_to(a, entries.size(),
                                 [&](std::size_t i) { return entries[i].range.begin; })};
    return found_;
  }
  // RETURNS: whether after(a) is `p`.
  bool is_after(GuestAddr a, Place p) const {
    if (p.block >= blocks_.size()) return false;
    const Block& block = blocks_[p.block];
    if (p.index > block.entries.size()) return false;
    if (a < (p.index == 0 ? block.begin : block.entries[p.index - 1].range.begin)) return false;
    if (p.index < block.entries.size()) return a < block.entries[p.index].range.begin;
    return p.block + 1 == blocks_.size() || a < blocks_[p.block + 1].begin;
  }

  // RETURNS: the place of the lowest entry that shares a byte with `range`, or of none.
  Place lowest_in(GuestRange range) const {
    if (range.is_empty()) return kNowhere;
    const auto has = [&](Place p) {
      const Entry* e = at(p);
      return e != nullptr && e->range.overlaps(range);
    };
    const Place above = after(range.begin);
    if (const Place p = before(above); has(p)) return p;
    const Place p = entry_from(above);
    return has(p) ? p : kNowhere;
  }

  // REQUIRES: no byte of `range` has a value.
  void fill(GuestRange range, Value value) {
    if (range.is_empty()) return;
    const Place above = after(range.begin);
    Entry* const low = at(before(above));
    if (const Place p = entry_from(above); const Entry* high = at(p))
      if (high->range.begin == range.end && high->value == value) {
        range.end = high->range.end;
        remove(p);
      }
    if (low != nullptr && low->range.end == range.begin && low->value == value)
      low->range.end = range.end;
    else
      insert(Entry{range, value});
  }

  // REQUIRES: no byte of its range has a value.
  void insert(Entry entry) {
    if (blocks_.is_empty()) blocks_.push_back({});
    Place p = after(entry.range.begin);
    if (blocks_[p.block].entries.size() == kMost) {
      split(p.block);
      p = after(entry.range.begin);
    }
    blocks_[p.block].entries.insert(p.index, entry);
    size_++;
  }

  // Makes two blocks of one.
  void split(std::size_t block) {
    Vector<Entry>& low = blocks_[block].entries;
    Block high;
    const std::size_t kept = low.size() / 2;
    high.begin = low[kept].range.begin;
    for (std::size_t i = kept; i < low.size(); i++) high.entries.push_back(low[i]);
    while (low.size() > kept) low.pop_back();
    blocks_.insert(block + 1, std::move(high));
  }

  // REQUIRES: there is an entry.
  void remove(Place p) {
    blocks_[p.block].entries.erase(p.index);
    size_--;
    if (!blocks_[p.block].entries.is_empty() || blocks_.size() == 1) return;
    blocks_.erase(p.block);
    blocks_[0].begin = GuestAddr(0);
  }

  Vector<Block> blocks_;
  std::size_t size_ = 0;
  mutable Place found_ = kNowhere;  // by after(), before what has changed since
};

}  // namespace pmemcheck
