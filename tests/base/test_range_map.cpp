// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/range_map.h"

#include <array>

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

namespace {

// The capacity of a block; small, so that a short test has many blocks.
constexpr std::size_t kFew = 4;

GuestRange range(std::uint64_t begin, std::uint64_t end) {
  return {GuestAddr(begin), GuestAddr(end)};
}

}  // namespace

UNIT_TEST(touching_ranges_of_equal_value_join) {
  RangeMap<int> map;
  map.assign(range(10, 20), 1);
  map.assign(range(30, 40), 1);
  map.assign(range(20, 30), 1);
  assert_int_equal(map.size(), 1);
  assert_true(map.find(GuestAddr(15))->range == range(10, 40));
}

UNIT_TEST(touching_ranges_with_different_values_are_not_joined) {
  RangeMap<int> map;
  map.assign(range(10, 20), 1);
  map.assign(range(20, 30), 2);
  assert_int_equal(map.size(), 2);
  assert_int_equal(map.find(GuestAddr(20))->value, 2);
}

UNIT_TEST(erasing_the_middle_of_a_range_leaves_both_ends) {
  RangeMap<int> map;
  map.assign(range(10, 40), 1);
  map.erase(range(20, 30));
  assert_int_equal(map.size(), 2);
  assert_true(map.find(GuestAddr(19))->range == range(10, 20));
  assert_null(map.find(GuestAddr(20)));
  assert_null(map.find(GuestAddr(29)));
  assert_true(map.find(GuestAddr(30))->range == range(30, 40));
}

UNIT_TEST(an_empty_range_changes_nothing) {
  RangeMap<int> map;
  map.assign(range(10, 10), 1);
  assert_int_equal(map.size(), 0);
  map.assign(range(0, 20), 1);
  map.erase(range(10, 10));
  assert_int_equal(map.size(), 1);
  assert_null(map.first_in(range(5, 5)));
}

UNIT_TEST(assign_gaps_fills_gaps_and_keeps_existing_values) {
  RangeMap<int> map;
  map.assign(range(20, 30), 1);
  map.assign(range(40, 50), 1);
  map.assign_gaps(range(10, 45), 2);
  assert_int_equal(map.find(GuestAddr(10))->value, 2);
  assert_int_equal(map.find(GuestAddr(20))->value, 1);
  assert_int_equal(map.find(GuestAddr(39))->value, 2);
  assert_int_equal(map.find(GuestAddr(44))->value, 1);
  map.assign_gaps(range(60, 70), 3);
  assert_true(map.find(GuestAddr(60))->range == range(60, 70));
  assert_true(map.is_valid());
}

UNIT_TEST(erase_value_erases_that_value_only) {
  RangeMap<int> map;
  map.assign(range(10, 20), 1);
  map.assign(range(20, 30), 2);
  map.assign(range(30, 40), 1);
  map.erase_value(range(15, 35), 1);
  assert_true(map.find(GuestAddr(10))->range == range(10, 15));
  assert_true(map.find(GuestAddr(20))->range == range(20, 30));
  assert_true(map.find(GuestAddr(39))->range == range(35, 40));
  assert_int_equal(map.size(), 3);
}

UNIT_TEST(a_moved_range_leaves_its_source_empty_and_replaces_its_target) {
  RangeMap<int> map;
  map.assign(range(10, 40), 1);
  map.assign(range(50, 60), 2);
  map.assign(range(100, 200), 3);
  map.move(range(20, 60), GuestAddr(120));
  assert_true(map.find(GuestAddr(19))->range == range(10, 20));
  assert_true(map.find(GuestAddr(119))->range == range(100, 120));
  assert_true(map.find(GuestAddr(120))->range == range(120, 140));
  assert_null(map.find(GuestAddr(140)));
  assert_true(map.find(GuestAddr(150))->range == range(150, 160));
  assert_int_equal(map.find(GuestAddr(150))->value, 2);
  assert_true(map.find(GuestAddr(160))->range == range(160, 200));
  assert_int_equal(map.size(), 5);
}

UNIT_TEST(moving_a_range_onto_itself_changes_nothing) {
  RangeMap<int> map;
  map.assign(range(10, 20), 1);
  map.assign(range(30, 40), 2);
  map.move(range(5, 35), GuestAddr(5));
  map.move(range(15, 15), GuestAddr(32));
  assert_true(map.find(GuestAddr(10))->range == range(10, 20));
  assert_true(map.find(GuestAddr(30))->range == range(30, 40));
  assert_int_equal(map.size(), 2);
}

UNIT_TEST(a_part_moved_beyond_the_top_of_the_address_space_is_lost) {
  constexpr std::uint64_t kTop = ~std::uint64_t{0};
  RangeMap<int> map;
  map.assign(range(10, 20), 1);
  map.assign(range(25, 40), 2);
  map.move(range(10, 40), GuestAddr(kTop - 20));
  assert_true(map.find(GuestAddr(kTop - 20))->range == range(kTop - 20, kTop - 10));
  assert_true(map.find(GuestAddr(kTop - 1))->range == range(kTop - 5, kTop));
  assert_int_equal(map.size(), 2);
}

UNIT_TEST(a_range_may_reach_to_the_top_of_the_address_space) {
  RangeMap<int> map;
  map.assign(GuestRange::of(GuestAddr(~std::uint64_t{0} - 10), 100), 1);
  map.assign(range(0, 5), 1);
  assert_int_equal(map.size(), 2);
  assert_true(map.is_valid());
}

UNIT_TEST(a_range_map_agrees_with_an_array_of_bytes) {
  constexpr std::uint64_t kBytes = 200;
  for (std::uint64_t seed = 0; seed < 200; seed++) {
    test::Random random(seed);
    RangeMap<int, kFew> map;
    std::array<int, kBytes> oracle{};  // 0: in no range
    for (int step = 0; step < 100; step++) {
      const std::uint64_t begin = random.below(kBytes);
      const std::uint64_t end = begin + random.below(kBytes - begin + 1);
      const int value = static_cast<int>(random.below(3));
      if (value == 0)
        map.erase(range(begin, end));
      else
        map.assign(range(begin, end), value);
      for (std::uint64_t i = begin; i < end; i++) oracle[i] = value;
      assert_true(map.is_valid());
      const std::uint64_t at = random.below(kBytes);
      const auto* entry = map.find(GuestAddr(at));
      assert_int_equal(entry != nullptr ? entry->value : 0, oracle[at]);
    }
    for (std::uint64_t i = 0; i < kBytes; i++) {
      const auto* entry = map.find(GuestAddr(i));
      assert_int_equal(entry != nullptr ? entry->value : 0, oracle[i]);
    }
    std::uint64_t covered = 0, expected = 0;
    map.for_each_in(range(50, 150),
                    [&](const auto& e) { covered += e.range.intersection(range(50, 150)).size(); });
    for (std::uint64_t i = 50; i < 150; i++) expected += oracle[i] != 0;
    assert_int_equal(covered, expected);
  }
}

// A value is the address at which a file would begin.  A move changes it so that each byte keeps
// its offset in the file.
UNIT_TEST(moves_in_a_range_map_agree_with_an_array_of_bytes) {
  constexpr std::uint64_t kBytes = 200;
  constexpr std::uint64_t kNone = ~std::uint64_t{0};
  for (std::uint64_t seed = 0; seed < 200; seed++) {
    test::Random random(seed);
    RangeMap<int, kFew> plain;
    RangeMap<std::uint64_t, kFew> files;
    std::array<int, kBytes> values{};             // 0: in no range
    std::array<std::uint64_t, kBytes> offsets{};  // kNone: in no file
    offsets.fill(kNone);
    for (int step = 0; step < 100; step++) {
      const std::uint64_t bytes = random.below(kBytes + 1) / (1 + random.below(8));
      const std::uint64_t begin = random.below(kBytes - bytes + 1);
      if (random.below(2) == 0) {
        const int value = 1 + static_cast<int>(random.below(2));
        const std::uint64_t offset = random.below(3) * 64;
        plain.assign(range(begin, begin + bytes), value);
        files.assign(range(begin, begin + bytes), begin - offset);
        for (std::uint64_t i = 0; i < bytes; i++) {
          values[begin + i] = value;
          offsets[begin + i] = offset + i;
        }
      } else {
        const std::uint64_t to = random.below(kBytes - bytes + 1);
        plain.move(range(begin, begin + bytes), GuestAddr(to));
        files.move(
            range(begin, begin + bytes), GuestAddr(to),
            [](std::uint64_t file_begin, std::uint64_t distance) { return file_begin + distance; });
        const auto old_values = values;
        const auto old_offsets = offsets;
        for (std::uint64_t i = 0; i < bytes; i++) {
          values[begin + i] = 0;
          offsets[begin + i] = kNone;
        }
        for (std::uint64_t i = 0; i < bytes; i++) {
          values[to + i] = old_values[begin + i];
          offsets[to + i] = old_offsets[begin + i];
        }
      }
      assert_true(plain.is_valid());
      assert_true(files.is_valid());
    }
    for (std::uint64_t i = 0; i < kBytes; i++) {
      const auto* entry = plain.find(GuestAddr(i));
      assert_int_equal(entry != nullptr ? entry->value : 0, values[i]);
      const auto* file = files.find(GuestAddr(i));
      assert_true((file != nullptr ? i - file->value : kNone) == offsets[i]);
    }
  }
}

UNIT_TEST(many_ranges_can_be_added_and_erased_in_any_order) {
  constexpr std::uint64_t kRanges = 10'007;  // a prime: i * k goes through all of them
  RangeMap<int> map;
  for (std::uint64_t i = 0; i < kRanges; i++) {
    const std::uint64_t begin = 10 * (i * 4'321 % kRanges);
    map.assign(range(begin, begin + 8), 1);
  }
  assert_int_equal(map.size(), kRanges);
  assert_true(map.is_valid());
  for (std::uint64_t i = 0; i < kRanges; i++) {
    const std::uint64_t begin = 10 * (i * 1'234 % kRanges);
    assert_true(map.find(GuestAddr(begin + 7))->range == range(begin, begin + 8));
    assert_null(map.find(GuestAddr(begin + 8)));
    map.erase(range(begin, begin + 9));
    assert_null(map.find(GuestAddr(begin)));
    if (i % 100 == 0) assert_true(map.is_valid());
  }
  assert_int_equal(map.size(), 0);
  map.assign(range(1, 2), 1);
  assert_true(map.is_valid());
}

UNIT_TEST(a_cleared_range_map_is_empty_and_usable) {
  RangeMap<int, kFew> map;
  for (std::uint64_t i = 0; i < 100; i++) map.assign(range(4 * i, 4 * i + 2), 1);
  map.find(GuestAddr(396));
  map.clear();
  assert_int_equal(map.size(), 0);
  assert_null(map.find(GuestAddr(396)));
  assert_null(map.first_in(GuestRange::everything()));
  map.assign(range(7, 9), 2);
  assert_int_equal(map.find(GuestAddr(8))->value, 2);
  assert_true(map.is_valid());
}
