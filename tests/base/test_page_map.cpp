// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/page_map.h"

#include <set>

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(a_page_that_was_never_created_is_not_found) {
  PageMap<int> map;
  assert_null(map.find(0));
  map.get(1000) = 1;
  assert_null(map.find(0));
  assert_int_equal(*map.find(1001), 0);
}

UNIT_TEST(a_recently_used_page_is_found_without_a_search) {
  PageMap<int> map;
  assert_null(map.find_recent(7));
  map.get(7) = 3;
  assert_ptr_equal(map.find_recent(7), map.find(7));
  assert_ptr_equal(map.find_recent(8), map.find(8));
  // Far more directories than the table of recent ones holds, so some lookups in it miss.
  constexpr std::uint64_t kPages = 100000;
  for (std::uint64_t n = 0; n < kPages; n += 10) map.get(n) = static_cast<int>(n);
  int found = 0;
  for (std::uint64_t n = 0; n < kPages; n += 10) {
    const int* page = map.find_recent(n);
    if (page == nullptr) continue;
    assert_int_equal(*page, n);
    found++;
  }
  assert_in_range(found, 1, kPages / 10 - 1);
  map.get(7) = 0;
  map.find(7);
  assert_int_equal(*map.find_recent(7), 0);
}

UNIT_TEST(a_page_does_not_move_when_others_are_added) {
  PageMap<int> map;
  int& page = map.get(7);
  page = 3;
  for (std::uint64_t n = 0; n < 100000; n += 50) map.get(n + 10000) = 1;
  assert_ptr_equal(&map.get(7), &page);
  assert_int_equal(page, 3);
}

UNIT_TEST(pages_are_visited_in_order_of_address) {
  PageMap<int> map;
  std::set<std::uint64_t> pages;
  test::Random random(1);
  for (int i = 0; i < 2000; i++) {
    const std::uint64_t n = random.below(1u << 24);
    map.get(n) = 1;
    pages.insert(n);
  }
  auto expected = pages.begin();
  map.for_each_in(0, ~std::uint64_t{0}, [&](std::uint64_t number, int) {
    assert_true(expected != pages.end());
    assert_int_equal(number, *expected++);
  });
  assert_true(expected == pages.end());
}

UNIT_TEST(a_range_of_any_width_visits_its_pages_and_no_others) {
  PageMap<int> map;
  const std::uint64_t last = (std::uint64_t{1} << 52) - 1;  // of the address space
  for (const std::uint64_t n : {std::uint64_t{0}, std::uint64_t{63}, std::uint64_t{64}, last})
    map.get(n) = 1;
  const auto visited = [&](std::uint64_t first, std::uint64_t end) {
    int count = 0;
    map.for_each_in(first, end, [&](std::uint64_t number, int page) {
      assert_true(first <= number && number <= end);
      count += page;
    });
    return count;
  };
  assert_int_equal(visited(0, 63), 2);
  assert_int_equal(visited(63, 64), 2);
  assert_int_equal(visited(65, 1000), 0);
  assert_int_equal(visited(0, last), 4);
  assert_int_equal(visited(1, last - 1), 2);
}

UNIT_TEST(a_page_range_that_ends_before_it_begins_fails_the_check) {
  PageMap<int> map;
  expect_assert_failure(map.for_each_in(2, 1, [](std::uint64_t, int) {}));
}

UNIT_TEST(directories_without_pages_are_freed_by_prune) {
  PageMap<int> map;
  for (std::uint64_t n = 0; n < 6400; n++) map.get(n) = n % 640 == 17 ? 1 : 0;
  const std::size_t bytes = map.bytes();
  assert_true(map.is_valid());
  map.prune();
  assert_true(map.is_valid());
  assert_null(map.find_recent(100));
  assert_int_equal(map.bytes(), bytes / 10);
  for (std::uint64_t n = 0; n < 6400; n++) {
    const int* page = map.find(n);
    assert_true((page != nullptr) == (n % 640 < 64));
    if (page != nullptr) assert_int_equal(*page, n % 640 == 17 ? 1 : 0);
  }
  assert_int_equal(map.get(100), 0);
}
