// range_list.h: ranges in a Vector that follow memory when it is unmapped or moved.
//
// For lists that are short or seldom changed; RangeMap answers questions about many ranges.
//
// Floor 0.  Tested in tests/base/test_range_list.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <utility>

#include "pmemcheck/base/types.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

// Removes `hole` from each of the ranges; calls removed(part) for each removed part.  What remains
// of a range on either side of the hole becomes a range of its own.
template <class Removed>
void cut_out(Vector<GuestRange>& ranges, GuestRange hole, Removed removed) {
  const auto is_apart = [&](GuestRange range) { return !range.overlaps(hole); };
  if (std::all_of(ranges.begin(), ranges.end(), is_apart)) return;
  Vector<GuestRange> kept;
  for (const GuestRange range : ranges) {
    const GuestRange part = range.intersection(hole);
    if (part.is_empty()) {
      kept.push_back(range);
      continue;
    }
    removed(part);
    if (range.begin < part.begin) kept.push_back({range.begin, part.begin});
    if (part.end < range.end) kept.push_back({part.end, range.end});
  }
  ranges = std::move(kept);
}

inline void cut_out(Vector<GuestRange>& ranges, GuestRange hole) {
  cut_out(ranges, hole, [](GuestRange) {});
}

// Moves the parts that lie in `from` to the memory of the same size at `to`.
// REQUIRES: no range overlaps the target.
inline void move_ranges(Vector<GuestRange>& ranges, GuestRange from, GuestAddr to) {
  Vector<GuestRange> moved;
  cut_out(ranges, from, [&](GuestRange part) { moved.push_back(part.moved(from.begin, to)); });
  for (const GuestRange range : moved) ranges.push_back(range);
}

}  // namespace pmemcheck
