// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/page_map.h"

#include <set>

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(of_a_page_that_was_never_asked_for_nothing_is_kept) {
  PageMap<int> map;
  assert_null(map.find(0));
  map.get(1000) = 1;
  assert_null(map.find(0));
  assert_int_equal(*map.find(1001), 0);
}

UNIT_TEST(what_was_asked_for_of_late_is_found_without_a_search) {
  PageMap<int> map;
  assert_null(map.find_recent(7));
  map.get(7) = 3;
  assert_ptr_equal(map.find_recent(7), map.find(7));
  assert_ptr_equal(map.find_recent(8), map.find(8));
  // Far more directories than are remembered: some are not, and what is told of others is right.
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

UNIT_TEST(what_is_kept_stays_where_it_is) {
  PageMap<int> map;
  int& page = map.get(7);
  page = 3;
  for (std::uint64_t n = 0; n < 100000; n += 50) map.get(n + 10000) = 1;
  assert_ptr_equal(&map.get(7), &page);
  assert_int_equal(page, 3);
}

UNIT_TEST(pages_are_visited_in_order) {
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

UNIT_TEST(a_range_visits_its_pages_and_no_others_however_wide_it_is) {
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

UNIT_TEST(directories_of_nothing_are_given_back) {
  PageMap<int> map;
  for (std::uint64_t n = 0; n < 6400; n++) map.get(n) = n % 640 == 17 ? 1 : 0;
  const std::size_t bytes = map.bytes();
  map.prune();
  assert_null(map.find_recent(100));
  assert_int_equal(map.bytes(), bytes / 10);
  for (std::uint64_t n = 0; n < 6400; n++) {
    const int* page = map.find(n);
    assert_true((page != nullptr) == (n % 640 < 64));
    if (page != nullptr) assert_int_equal(*page, n % 640 == 17 ? 1 : 0);
  }
  assert_int_equal(map.get(100), 0);
}
