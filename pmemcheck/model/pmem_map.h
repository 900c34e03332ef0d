// pmem_map.h: which guest memory is persistent.
//
// Floor 1.  Tested in tests/model/test_pmem_map.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/range_map.h"
#include "pmemcheck/base/types.h"

namespace pmemcheck {

enum class Coverage { None, Whole, Part };

// A mapping per run of touching registered ranges.
class PmemMap {
 public:
  void add(GuestRange range);
  // Carves `range` out of whatever mappings it meets.
  void remove(GuestRange range);
  // As much of the memory from `to` on is persistent as `from` was, and nothing of `from` is.
  void move(GuestRange from, GuestAddr to);

  // RETURNS: Whole if one mapping holds all of `range`, Part if any mapping holds a byte of it.
  // An empty range is held by the mapping that holds its address.
  Coverage coverage(GuestRange range) const;

  // RETURNS: whether one mapping holds all of `range`.  Quick if it is the one found last.
  bool holds(GuestRange range) const { return overlaps(range) && last_.contains(range); }

  // RETURNS: whether the mapping that was found last holds all of `range`.
  bool last_holds(GuestRange range) const { return last_.contains(range) && !range.is_empty(); }

  // RETURNS: the lowest part of `range` that one mapping holds; empty where there is none.
  GuestRange first_part(GuestRange range) const {
    const auto* mapping = mappings_.first_in(range);
    return mapping != nullptr ? mapping->range.intersection(range) : GuestRange{};
  }

  // RETURNS: whether any mapping holds a byte of `range`.  Quick as holds() is.
  bool overlaps(GuestRange range) const {
    return last_.contains(range) ? !range.is_empty() : look_up(range);
  }

  // Calls visit(part) for each maximal part of `range` that is persistent, lowest first.
  template <class Visit>
  void for_each_part(GuestRange range, Visit visit) const {
    if (holds(range)) return visit(range);
    mappings_.for_each_in(range, [&](const auto& m) { visit(m.range.intersection(range)); });
  }

  // Calls visit(range) for each mapping, lowest first.
  template <class Visit>
  void for_each_mapping(Visit visit) const {
    mappings_.for_each_in(GuestRange::everything(), [&](const auto& m) { visit(m.range); });
  }

  std::size_t size() const { return mappings_.size(); }

 private:
  struct Persistent {
    constexpr bool operator==(const Persistent&) const = default;
  };

  // overlaps(), of a range that is not in the mapping found last.
  bool look_up(GuestRange range) const;

  RangeMap<Persistent> mappings_;
  mutable GuestRange last_{};  // a mapping, or empty: what was found last
};

}  // namespace pmemcheck
