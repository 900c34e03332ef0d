// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/pmem_map.h"

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

GuestRange range(std::uint64_t begin, std::uint64_t end) {
  return {GuestAddr(begin), GuestAddr(end)};
}

}  // namespace

UNIT_TEST(touching_mappings_join) {
  PmemMap pmem;
  pmem.add(range(100, 200));
  pmem.add(range(200, 300));
  assert_int_equal(pmem.size(), 1);
  assert_int_equal(pmem.coverage(range(150, 250)), Coverage::Whole);
}

UNIT_TEST(coverage_is_whole_part_or_none) {
  PmemMap pmem;
  pmem.add(range(100, 200));
  pmem.add(range(300, 400));
  assert_int_equal(pmem.coverage(range(100, 200)), Coverage::Whole);
  assert_int_equal(pmem.coverage(range(150, 201)), Coverage::Part);
  assert_int_equal(pmem.coverage(range(100, 400)), Coverage::Part);
  assert_int_equal(pmem.coverage(range(200, 300)), Coverage::None);
}

UNIT_TEST(an_empty_range_is_covered_by_the_mapping_of_its_address) {
  PmemMap pmem;
  pmem.add(range(100, 200));
  assert_int_equal(pmem.coverage(range(150, 150)), Coverage::Whole);
  assert_int_equal(pmem.coverage(range(200, 200)), Coverage::None);
}

UNIT_TEST(a_removed_mapping_is_not_found_even_if_it_was_found_last) {
  PmemMap pmem;
  pmem.add(range(100, 200));
  assert_true(pmem.holds(range(120, 128)));
  pmem.remove(range(100, 150));
  assert_false(pmem.holds(range(120, 128)));
  assert_true(pmem.holds(range(150, 158)));
}

UNIT_TEST(a_moved_mapping_is_found_at_its_new_address_only) {
  PmemMap pmem;
  pmem.add(range(100, 200));
  assert_true(pmem.holds(range(160, 168)));
  pmem.move(range(150, 250), GuestAddr(1000));
  assert_false(pmem.overlaps(range(150, 250)));
  assert_true(pmem.holds(range(100, 150)));
  assert_true(pmem.holds(range(1000, 1050)));
  assert_int_equal(pmem.coverage(range(1000, 1051)), Coverage::Part);
}

UNIT_TEST(the_persistent_parts_of_a_range_are_visited_in_order) {
  PmemMap pmem;
  pmem.add(range(300, 400));
  pmem.add(range(100, 200));
  std::uint64_t bytes = 0, last = 0;
  pmem.for_each_part(range(150, 350), [&](GuestRange part) {
    assert_true(part.begin.raw() >= last);
    last = part.end.raw();
    bytes += part.size();
  });
  assert_int_equal(bytes, 100);
  assert_true(pmem.first_part(range(0, 350)) == range(100, 200));
}
