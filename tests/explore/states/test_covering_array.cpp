// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/covering_array.h"

#include <set>
#include <vector>

#include "tests/check_failure.h"
#include "tests/random.h"
#include "tests/unit.h"

using pmemcheck::explore::covering_array;
using Levels = std::vector<std::uint32_t>;

namespace {

// Asserts that every two columns, or every three, have all combinations of their values.
void assert_covers(const Levels& levels, unsigned strength) {
  const auto array = covering_array(levels, strength, 1);
  assert_int_equal(array.strength, strength);
  for (const auto& row : array.rows) {
    assert_int_equal(row.size(), levels.size());
    for (std::size_t c = 0; c < row.size(); c++) assert_true(row[c] < levels[c]);
  }
  for (std::size_t a = 0; a < levels.size(); a++)
    for (std::size_t b = a + 1; b < levels.size(); b++) {
      std::set<std::pair<std::uint32_t, std::uint32_t>> met;
      for (const auto& row : array.rows) met.insert({row[a], row[b]});
      assert_int_equal(met.size(), levels[a] * levels[b]);
      for (std::size_t c = b + 1; c < levels.size() && strength == 3; c++) {
        std::set<std::vector<std::uint32_t>> met_three;
        for (const auto& row : array.rows) met_three.insert({row[a], row[b], row[c]});
        assert_int_equal(met_three.size(), levels[a] * levels[b] * levels[c]);
      }
    }
}

std::size_t rows_for(std::size_t columns, std::uint32_t levels) {
  return covering_array(Levels(columns, levels), 2, 1).rows.size();
}

}  // namespace

UNIT_TEST(every_pair_of_values_of_every_two_columns_is_in_a_row) {
  for (const Levels& levels : {Levels{1}, Levels{5}, Levels{2, 2}, Levels{3, 1, 2}, Levels(30, 2),
                               Levels(100, 3), Levels(20, 9), Levels{2, 9, 3, 3, 17, 2, 2, 4}})
    assert_covers(levels, 2);
  pmemcheck::test::Random random(3);
  for (int i = 0; i < 30; i++) {
    Levels levels;
    for (std::uint64_t n = 1 + random.below(30); n > 0; n--)
      levels.push_back(1 + static_cast<std::uint32_t>(random.below(6)));
    assert_covers(levels, 2);
  }
}

UNIT_TEST(every_three_values_of_every_three_columns_are_in_a_row) {
  for (const Levels& levels : {Levels{4}, Levels{2, 3}, Levels{2, 2, 2}, Levels{3, 1, 2, 4},
                               Levels(12, 2), Levels(10, 3), Levels{5, 2, 2, 3, 3, 2}})
    assert_covers(levels, 3);
}

UNIT_TEST(many_columns_are_covered_digit_by_digit) {
  const Levels levels(700, 3);
  const auto array = covering_array(levels, 2, 1);
  for (std::size_t a = 0; a < levels.size(); a += 7)
    for (std::size_t b = a + 1; b < levels.size(); b++) {
      unsigned met = 0;
      for (const auto& row : array.rows) met |= 1u << (row[a] * 3 + row[b]);
      assert_int_equal(met, (1 << 9) - 1);
    }
}

UNIT_TEST(a_hundred_columns_of_two_or_three_values_need_at_most_thirty_rows) {
  assert_true(rows_for(100, 2) <= 30);
  // Two stores to each: none, one or both are kept.
  assert_true(rows_for(100, 3) <= 30);
}

UNIT_TEST(the_number_of_rows_grows_with_the_logarithm_of_the_number_of_columns) {
  // Ten times as many columns add only a few rows each time.
  const std::size_t rows[] = {rows_for(10, 2), rows_for(100, 2), rows_for(1000, 2),
                              rows_for(10000, 2)};
  for (int i = 0; i < 3; i++) assert_true(rows[i + 1] <= rows[i] + 12);
}

UNIT_TEST(the_same_seed_gives_the_same_rows) {
  const Levels levels = {3, 3, 4, 2, 2, 5, 9, 2};
  assert_true(covering_array(levels, 2, 7).rows == covering_array(levels, 2, 7).rows);
}

UNIT_TEST(a_strength_that_would_take_too_long_is_reduced_to_two) {
  assert_int_equal(covering_array(Levels(3000, 3), 3, 1).strength, 2);
}

UNIT_TEST(an_array_of_another_strength_or_of_a_column_without_values_fails_a_check) {
  assert_check_fails(covering_array({2, 2}, 1, 1));
  assert_check_fails(covering_array({2, 2, 2, 2}, 4, 1));
  assert_check_fails(covering_array({2, 0}, 2, 1));
}
