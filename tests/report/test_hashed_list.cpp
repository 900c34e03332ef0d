// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/hashed_list.h"

#include <string>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

std::uint32_t find(HashedList<std::string>& list, std::uint64_t hash, const char* wanted) {
  return list.find(hash, [&](const std::string& value) { return value == wanted; });
}

}  // namespace

UNIT_TEST(values_in_a_hashed_list_are_numbered_from_one_in_the_order_of_adding) {
  HashedList<std::string> list;
  assert_int_equal(list.add(7, "a"), 1);
  assert_int_equal(list.add_unhashed("b"), 2);
  assert_int_equal(list.add(8, "c"), 3);
  assert_true(list[1] == "a" && list[2] == "b" && list[3] == "c");
  assert_int_equal(list.size(), 3);
}

UNIT_TEST(values_with_equal_hashes_are_found_by_comparison) {
  HashedList<std::string> list;
  list.add(7, "a");
  list.add(7, "b");
  list.add(7, "c");
  assert_int_equal(find(list, 7, "a"), 1);
  assert_int_equal(find(list, 7, "b"), 2);
  assert_int_equal(find(list, 7, "c"), 3);
  assert_int_equal(find(list, 7, "d"), 0);
}

UNIT_TEST(a_value_is_not_found_under_another_hash_or_without_one) {
  HashedList<std::string> list;
  list.add(7, "a");
  list.add_unhashed("b");
  assert_int_equal(find(list, 8, "a"), 0);
  assert_int_equal(find(list, 7, "b"), 0);
  assert_int_equal(find(list, 0, "b"), 0);
}

UNIT_TEST(many_values_under_few_hashes_are_all_found) {
  HashedList<std::string> list;
  for (unsigned i = 0; i < 3000; i++) assert_int_equal(list.add(i % 10, std::to_string(i)), i + 1);
  for (unsigned i = 0; i < 3000; i += 7)
    assert_int_equal(find(list, i % 10, std::to_string(i).c_str()), i + 1);
}
