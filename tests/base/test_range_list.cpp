// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/range_list.h"

#include <vector>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr GuestRange range(std::uint64_t begin, std::uint64_t end) {
  return {GuestAddr(begin), GuestAddr(end)};
}
Vector<GuestRange> list(std::initializer_list<GuestRange> ranges) {
  Vector<GuestRange> list;
  for (const GuestRange r : ranges) list.push_back(r);
  return list;
}
void assert_holds(const Vector<GuestRange>& ranges, const std::vector<GuestRange>& expected) {
  assert_true(std::vector<GuestRange>(ranges.begin(), ranges.end()) == expected);
}

}  // namespace

UNIT_TEST(cutting_a_hole_leaves_what_lies_on_either_side_of_it) {
  Vector<GuestRange> ranges = list({range(10, 20), range(20, 30), range(40, 50)});
  std::vector<GuestRange> removed;
  cut_out(ranges, range(15, 25), [&](GuestRange part) { removed.push_back(part); });
  assert_holds(ranges, {range(10, 15), range(25, 30), range(40, 50)});
  assert_true((removed == std::vector<GuestRange>{range(15, 20), range(20, 25)}));
  cut_out(ranges, range(42, 44));
  assert_holds(ranges, {range(10, 15), range(25, 30), range(40, 42), range(44, 50)});
  cut_out(ranges, range(0, 100));
  assert_holds(ranges, {});
}

UNIT_TEST(cutting_a_hole_between_ranges_changes_none) {
  Vector<GuestRange> ranges = list({range(10, 20), range(30, 40)});
  cut_out(ranges, range(20, 30));
  assert_holds(ranges, {range(10, 20), range(30, 40)});
}

UNIT_TEST(ranges_move_by_their_parts_inside_the_memory_that_moves) {
  Vector<GuestRange> ranges = list({range(10, 20), range(30, 40)});
  move_ranges(ranges, range(15, 35), GuestAddr(1015));
  assert_holds(ranges, {range(10, 15), range(35, 40), range(1015, 1020), range(1030, 1035)});
  move_ranges(ranges, range(1000, 1100), GuestAddr(100));  // downwards
  assert_holds(ranges, {range(10, 15), range(35, 40), range(115, 120), range(130, 135)});
}
