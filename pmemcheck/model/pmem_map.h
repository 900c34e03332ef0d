// pmem_map.h: the guest memory that is persistent.
//
// Floor 1.  Tested in tests/model/test_pmem_map.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/base/types.h"

namespace pmemcheck {

enum class Coverage { None, Whole, Part };

// Ranges that touch are merged into one mapping.
class PmemMap {
 public:
  void add(GuestRange range);
  // Removes `range` from the mappings that it overlaps.
  void remove(GuestRange range);
  // Moves the mappings of `from` to the same number of bytes at `to`; the two may overlap.
  void move(GuestRange from, GuestAddr to);

  // RETURNS: Whole if one mapping contains all of `range`, Part if any mapping contains a byte of
  // it.  An empty range is contained in the mapping that contains its address.
  Coverage coverage(GuestRange range) const;

  // RETURNS: whether one mapping contains all of `range`.  Fast if it is the one found last.
  bool holds(GuestRange range) const { return overlaps(range) && last_.contains(range); }

  // RETURNS: whether the mapping that was found last contains all of `range`.
  bool last_holds(GuestRange range) const {
    PM_DCHECK(!last_.contains(range) || range.is_empty() || coverage(range) == Coverage::Whole);
    return last_.contains(range) && !range.is_empty();
  }

  // RETURNS: the lowest part of `range` that one mapping contains; empty if there is none.
  GuestRange first_part(GuestRange range) const {
    const auto* mapping = mappings_.first_in(range);
    return mapping != nullptr ? mapping->range.intersection(range) : GuestRange{};
  }

  // RETURNS: whether any mapping contains a byte of `range`.  As fast as holds().
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

  // overlaps(), if the range is not in the mapping found last.
  bool look_up(GuestRange range) const;

  RangeMap<Persistent> mappings_;
  mutable GuestRange last_{};  // the mapping that was found last, or empty
};

}  // namespace pmemcheck
