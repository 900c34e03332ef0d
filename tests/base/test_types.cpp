// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/types.h"

#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(a_range_is_cut_off_at_the_top_of_the_address_space) {
  const GuestRange range = GuestRange::of(GuestAddr(~std::uint64_t{0} - 3), ~std::uint64_t{0});
  assert_int_equal(range.size(), 3);
  assert_int_equal(range.end.raw(), ~std::uint64_t{0});
}

UNIT_TEST(ranges_that_touch_do_not_overlap) {
  const GuestRange low = GuestRange::of(GuestAddr(100), 10);
  const GuestRange high = GuestRange::of(GuestAddr(110), 10);
  assert_false(low.overlaps(high));
  assert_true(low.intersection(high).is_empty());
  assert_true(low.overlaps(GuestRange::of(GuestAddr(109), 1)));
}

UNIT_TEST(an_intersection_has_the_bytes_that_are_in_both_ranges) {
  const GuestRange a = GuestRange::of(GuestAddr(100), 50);
  const GuestRange b = GuestRange::of(GuestAddr(120), 100);
  assert_true(a.intersection(b) == GuestRange::of(GuestAddr(120), 30));
  assert_true(b.intersection(a) == a.intersection(b));
}

UNIT_TEST(a_range_moves_with_the_memory_around_it_up_and_down) {
  const GuestRange bytes = GuestRange::of(GuestAddr(0x1010), 8);
  const GuestRange up = bytes.moved(GuestAddr(0x1000), GuestAddr(0x5000));
  assert_true(up == GuestRange::of(GuestAddr(0x5010), 8));
  assert_true(up.moved(GuestAddr(0x5000), GuestAddr(0x1000)) == bytes);
}

UNIT_TEST(a_mask_of_a_whole_line_has_every_bit) {
  assert_true(ByteMask::of(0, 64) == ByteMask::all());
  assert_true(ByteMask::of(63, 64) == ByteMask::byte(63));
  assert_int_equal(ByteMask::of(3, 6).bits(), 0x38);
}

UNIT_TEST(covered_by_returns_the_bytes_of_a_line_that_are_in_a_range) {
  const LineAddr line = LineAddr::holding(GuestAddr(0x1047));
  assert_int_equal(line.begin().raw(), 0x1040);
  assert_true(line.covered_by(GuestRange::of(GuestAddr(0x1000), 0x42)) == ByteMask::of(0, 2));
  assert_true(line.covered_by(GuestRange::of(GuestAddr(0x107f), 100)) == ByteMask::byte(63));
  assert_true(line.covered_by(GuestRange::of(GuestAddr(0), 0x10000)) == ByteMask::all());
  assert_false(line.covered_by(GuestRange::of(GuestAddr(0x1080), 1)).any());
}
