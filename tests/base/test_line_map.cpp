// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/line_map.h"

#include <set>

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(a_line_that_was_never_asked_for_has_no_record) {
  LineMap<int> map;
  assert_null(map.find(LineAddr(0)));
  map.get(LineAddr(1000));
  assert_null(map.find(LineAddr(0)));
}

UNIT_TEST(a_new_record_is_zero_and_stays_where_it_is) {
  LineMap<int> map;
  int& record = map.get(LineAddr(7));
  assert_int_equal(record, 0);
  record = 3;
  for (std::uint64_t n = 0; n < 100000; n += 50) map.get(LineAddr(n + 10000));
  assert_ptr_equal(&map.get(LineAddr(7)), &record);
  assert_int_equal(record, 3);
}

UNIT_TEST(records_are_visited_in_order_of_address) {
  LineMap<std::uint64_t> map;
  std::set<std::uint64_t> lines;
  test::Random random(1);
  for (int i = 0; i < 2000; i++) {
    const std::uint64_t n = random.below(1u << 30);
    map.get(LineAddr(n)) = 1;
    lines.insert(n);
  }
  auto expected = lines.begin();
  map.for_each_in(GuestRange::everything(), [&](LineAddr line, std::uint64_t& record) {
    if (record == 0) return;
    assert_true(expected != lines.end());
    assert_int_equal(line.number(), *expected++);
  });
  assert_true(expected == lines.end());
}

UNIT_TEST(a_range_visits_its_lines_and_no_others_however_wide_it_is) {
  LineMap<int> map;
  const std::uint64_t numbers[] = {0, 63, 64, 100, 1u << 20, std::uint64_t{1} << 50};
  for (const std::uint64_t n : numbers) map.get(LineAddr(n)) = 1;
  const auto visited = [&](std::uint64_t first, std::uint64_t end) {
    int count = 0;
    map.for_each_in({LineAddr(first).begin(), LineAddr(end).begin()},
                    [&](LineAddr line, int& record) {
                      assert_true(first <= line.number() && line.number() < end);
                      count += record;
                    });
    return count;
  };
  assert_int_equal(visited(0, 64), 2);
  assert_int_equal(visited(63, 65), 2);
  assert_int_equal(visited(65, 100), 0);
  assert_int_equal(visited(0, (std::uint64_t{1} << 50) + 1), 6);
  assert_int_equal(visited(1, std::uint64_t{1} << 50), 4);
}

UNIT_TEST(a_range_of_part_of_a_line_visits_it) {
  LineMap<int> map;
  map.get(LineAddr(1)) = 1;
  int count = 0;
  map.for_each_in(GuestRange::of(GuestAddr(127), 1), [&](LineAddr, int& r) { count += r; });
  assert_int_equal(count, 1);
  map.for_each_in(GuestRange::of(GuestAddr(100), 0), [&](LineAddr, int&) { count = 99; });
  assert_int_equal(count, 1);
}

UNIT_TEST(chunks_of_empty_records_are_given_back_and_begin_as_zero_again) {
  LineMap<int> map;
  for (std::uint64_t n = 0; n < 6400; n++) map.get(LineAddr(n)) = n % 640 == 17 ? 1 : 2;
  assert_int_equal(map.capacity(), 6400);
  int forgotten = 0;
  // Of ten chunks, nine are empty.
  map.give_back([](int record) { return record == 2; }, [&](int& record) { forgotten += record; });
  assert_int_equal(forgotten, 90 * 64 * 2);
  assert_int_equal(map.capacity(), 640);
  for (std::uint64_t n = 0; n < 6400; n++) {
    const int* record = map.find(LineAddr(n));
    assert_true((record != nullptr) == (n % 640 < 64));
    if (record != nullptr) assert_int_equal(*record, n % 640 == 17 ? 1 : 2);
  }
  assert_int_equal(map.get(LineAddr(100)), 0);
}

UNIT_TEST(records_as_large_as_a_cache_line_begin_at_one) {
  struct Record {
    std::uint64_t words[8];
  };
  LineMap<Record> map;
  for (std::uint64_t n = 0; n < 640; n++)
    assert_int_equal(reinterpret_cast<std::uintptr_t>(&map.get(LineAddr(n))) % 64, 0);
}
