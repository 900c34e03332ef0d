// range_map.h: disjoint ranges of guest memory, each with a value, in order of address.
//
// A treap: a search tree by address whose random priorities keep it shallow, so that looking up,
// adding and carving cost the logarithm of the number of ranges.
//
// Floor 0.  Tested in tests/base/test_range_map.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "pmemcheck/base/types.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

// Value needs ==: ranges that touch and have equal values are one range.
// INVARIANT: ranges are not empty, do not overlap, and touching ones differ in value.
template <class Value>
class RangeMap {
 public:
  struct Entry {
    GuestRange range;
    Value value;
  };

  std::size_t size() const { return size_; }

  // RETURNS: the entry that holds `a`, or null.  Valid until the next change.  Quick if it is the
  // one found last.
  const Entry* find(GuestAddr a) const {
    if (found_ < nodes_.size() && nodes_[found_].entry.range.contains(a))
      return &nodes_[found_].entry;
    const Entry* e = around(a).below;
    if (e == nullptr || !e->range.contains(a)) return nullptr;
    found_ = index_of(e);
    return e;
  }

  // RETURNS: the lowest entry that shares a byte with `range`, or null.
  const Entry* first_in(GuestRange range) const {
    if (range.is_empty()) return nullptr;
    const auto [below, above] = around(range.begin);
    if (below != nullptr && below->range.overlaps(range)) return below;
    return above != nullptr && above->range.overlaps(range) ? above : nullptr;
  }

  // Calls visit(entry) for every entry that shares a byte with `range`, lowest first.
  // REQUIRES: visit does not change the map.
  template <class Visit>
  void for_each_in(GuestRange range, Visit visit) const {
    if (!range.is_empty()) visit_in(root_, range, visit);
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
    while (const Entry* found = first_in(range)) {
      const Entry e = *found;
      GuestRange& kept = nodes_[index_of(found)].entry.range;
      if (e.range.begin < range.begin) {
        kept.end = range.begin;
        if (range.end < e.range.end) insert(Entry{{range.end, e.range.end}, e.value});
      } else if (range.end < e.range.end) {
        kept.begin = range.end;
      } else {
        remove(e.range.begin);
      }
      if (e.range.end >= range.end) return;
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
    nodes_.clear();
    root_ = free_ = found_ = kNone;
    size_ = 0;
  }

  bool is_valid() const {
    std::size_t count = 0;
    bool ordered = true;
    const Entry* previous = nullptr;
    for_each_in(GuestRange::everything(), [&](const Entry& e) {
      count++;
      ordered = ordered && !e.range.is_empty();
      if (previous != nullptr)
        ordered = ordered && (previous->range.end < e.range.begin ||
                              (previous->range.end == e.range.begin && previous->value != e.value));
      previous = &e;
    });
    return ordered && count == size_;
  }

 private:
  using Index = std::uint32_t;  // into nodes_
  static constexpr Index kNone = ~Index{0};
  struct Node {
    Entry entry;
    Index left, right;  // a free node: left is the next free one
    std::uint32_t priority;
  };

  template <class Visit>
  void visit_in(Index tree, GuestRange range, Visit& visit) const {
    if (tree == kNone) return;
    const Node& n = nodes_[tree];
    if (range.begin < n.entry.range.begin) visit_in(n.left, range, visit);
    if (n.entry.range.overlaps(range)) visit(n.entry);
    if (n.entry.range.begin < range.end) visit_in(n.right, range, visit);
  }

  struct Around {
    const Entry* below;  // the last that begins at `a` or below, or null
    const Entry* above;  // the first that begins above it, or null
  };
  Around around(GuestAddr a) const {
    Around result{nullptr, nullptr};
    for (Index i = root_; i != kNone;) {
      const Node& n = nodes_[i];
      const bool is_below = n.entry.range.begin <= a;
      (is_below ? result.below : result.above) = &n.entry;
      i = is_below ? n.right : n.left;
    }
    return result;
  }

  // REQUIRES: no byte of `range` has a value.
  void fill(GuestRange range, Value value) {
    if (range.is_empty()) return;
    const auto [below, above] = around(range.begin);
    const bool joins_below =
        below != nullptr && below->range.end == range.begin && below->value == value;
    const bool joins_above =
        above != nullptr && above->range.begin == range.end && above->value == value;
    const GuestRange joined{joins_below ? below->range.begin : range.begin,
                            joins_above ? above->range.end : range.end};
    if (joins_above) remove(range.end);
    if (joins_below)
      nodes_[index_of(below)].entry.range = joined;
    else
      insert(Entry{joined, value});
  }

  // Everything below `tree` that begins before `at` goes to *low, the rest to *high.
  void split(Index tree, GuestAddr at, Index* low, Index* high) {
    if (tree == kNone) {
      *low = *high = kNone;
    } else if (nodes_[tree].entry.range.begin < at) {
      *low = tree;
      Index rest = kNone;
      split(nodes_[tree].right, at, &rest, high);
      nodes_[tree].right = rest;
    } else {
      *high = tree;
      Index rest = kNone;
      split(nodes_[tree].left, at, low, &rest);
      nodes_[tree].left = rest;
    }
  }

  // REQUIRES: every range in `low` is below every range in `high`.
  Index merge(Index low, Index high) {
    if (low == kNone) return high;
    if (high == kNone) return low;
    if (nodes_[low].priority > nodes_[high].priority) {
      const Index right = merge(nodes_[low].right, high);
      nodes_[low].right = right;
      return low;
    }
    const Index left = merge(low, nodes_[high].left);
    nodes_[high].left = left;
    return high;
  }

  void insert(Entry entry) {
    Index node = free_;
    if (node != kNone) {
      free_ = nodes_[node].left;
    } else {
      PM_CHECK(nodes_.size() < kNone);
      node = static_cast<Index>(nodes_.size());
      nodes_.push_back(Node{});
    }
    Node& n = nodes_[node];
    n = Node{entry, kNone, kNone, next_priority()};
    Index* link = &root_;
    while (*link != kNone && nodes_[*link].priority > n.priority)
      link = link_towards(*link, entry.range.begin);
    split(*link, entry.range.begin, &n.left, &n.right);
    *link = node;
    size_++;
  }

  // REQUIRES: an entry begins at `begin`.
  void remove(GuestAddr begin) {
    Index* link = &root_;
    while (nodes_[*link].entry.range.begin != begin) link = link_towards(*link, begin);
    const Index node = *link;
    *link = merge(nodes_[node].left, nodes_[node].right);
    nodes_[node] = Node{{}, free_, kNone, 0};  // an empty range: it is found no more
    free_ = node;
    size_--;
  }

  Index* link_towards(Index node, GuestAddr begin) {
    Node& n = nodes_[node];
    return begin < n.entry.range.begin ? &n.left : &n.right;
  }

  Index index_of(const Entry* entry) const {
    static_assert(offsetof(Node, entry) == 0);
    return static_cast<Index>(reinterpret_cast<const Node*>(entry) - nodes_.begin());
  }

  std::uint32_t next_priority() {  // xorshift32: any fixed seed but 0 will do
    random_ ^= random_ << 13;
    random_ ^= random_ >> 17;
    random_ ^= random_ << 5;
    return random_;
  }

  Vector<Node> nodes_;
  Index root_ = kNone;
  Index free_ = kNone;
  mutable Index found_ = kNone;  // by find(); its node may be free by now
  std::size_t size_ = 0;
  std::uint32_t random_ = 0x9e3779b9;
};

}  // namespace pmemcheck
