// orders.h: the orders that the program asserts: one range must be durable before the next store to
// another.
//
// The processor may write a line back at any time after a store to it.  So a store that depends on
// another one is too early until that one is durable, whatever is flushed afterwards.
//
// Floor 1.  Tested in tests/model/test_orders.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/range_list.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

class Orders {
 public:
  // Asserts that all of `first` is durable at the next store to `second`.
  void expect(GuestRange first, GuestRange second) {
    if (first.is_empty() || second.is_empty()) return;
    PM_CHECK(orders_.size() < kEnd && links_.size() < kEnd);
    const auto order = static_cast<Number>(orders_.size());
    Vector<GuestRange> parts;
    parts.push_back(first);
    orders_.push_back(Order{std::move(parts), second.size()});
    open_++;
    Vector<Piece> pieces;
    GuestAddr at = second.begin;
    watched_.for_each_in(second, [&](const auto& entry) {
      const GuestRange part = entry.range.intersection(second);
      pieces.push_back({{at, part.begin}, kEnd});
      pieces.push_back({part, entry.value});
      at = part.end;
    });
    pieces.push_back({{at, second.end}, kEnd});
    for (const Piece& piece : pieces) {
      if (piece.range.is_empty()) continue;
      links_.push_back(Link{order, piece.links});
      watched_.assign(piece.range, static_cast<Number>(links_.size()) - 1);
    }
  }

  // RETURNS: whether stored() could call its visitor.
  bool any() const { return open_ != 0; }

  // `stored` is about to be stored to.  Calls visit(parts), once for each assertion about it, with
  // a span of the parts of the first range that are still mapped.  REQUIRES: visit does not change
  // the orders.
  template <class Visit>
  void stored(GuestRange stored, Visit visit) {
    while (const auto* entry = watched_.first_in(stored)) {
      const GuestRange piece = entry->range;
      for (Number link = entry->value; link != kEnd; link = links_[link].next) {
        Order& order = orders_[links_[link].order];
        if (!order.is_open()) continue;
        close(order);
        visit(std::span<const GuestRange>(order.first.begin(), order.first.size()));
      }
      watched_.erase(piece);
    }
    if (open_ == 0) forget_all();
  }

  // The memory at `range` is no longer mapped: assertions about it end.
  // Takes time in proportion to the assertions made since none was open.
  void forget(GuestRange range) {
    if (!any()) return;
    watched_.for_each_in(range, [&](const auto& entry) {
      const std::uint64_t gone = entry.range.intersection(range).size();
      for (Number link = entry.value; link != kEnd; link = links_[link].next) {
        Order& order = orders_[links_[link].order];
        if (!order.is_open()) continue;
        PM_DCHECK(order.watched_bytes >= gone);
        order.watched_bytes -= gone;
        if (!order.is_open()) open_--;
      }
    });
    watched_.erase(range);
    for (Order& order : orders_) {
      if (!order.is_open()) continue;
      cut_out(order.first, range);
      if (order.first.is_empty()) close(order);
    }
    if (open_ == 0) forget_all();
  }

  // The memory at `from` has moved to `to`, and so have the assertions about it.
  // REQUIRES: the two do not overlap, and `to` has been forgotten.
  void move(GuestRange from, GuestAddr to) {
    PM_CHECK(!from.overlaps(GuestRange::of(to, from.size())));
    if (!any()) return;
    watched_.move(from, to);
    for (Order& order : orders_)
      if (order.is_open()) move_ranges(order.first, from, to);
  }

 private:
  using Number = std::uint32_t;
  static constexpr Number kEnd = ~Number{0};
  struct Order {
    Vector<GuestRange> first;     // the parts of the first range that are still mapped
    std::uint64_t watched_bytes;  // of the second range; 0: this order is met or void
    bool is_open() const { return watched_bytes != 0; }
  };
  // The orders of one piece of memory form a list, the latest first.
  struct Link {
    Number order;
    Number next;
  };
  struct Piece {
    GuestRange range;
    Number links;
  };

  void close(Order& order) {
    order.watched_bytes = 0;
    open_--;
  }
  void forget_all() {
    orders_.clear();
    links_.clear();
    watched_.clear();
  }

  Vector<Order> orders_;
  Vector<Link> links_;
  RangeMap<Number> watched_;  // the second ranges: the first link of each piece
  std::size_t open_ = 0;
};

}  // namespace pmemcheck
