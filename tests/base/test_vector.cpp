// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/vector.h"

#include <initializer_list>
#include <utility>

#include "tests/unit.h"

using pmemcheck::Vector;

UNIT_TEST(a_vector_keeps_its_elements_as_it_grows) {
  Vector<int> v;
  for (int i = 0; i < 1000; i++) v.push_back(i);
  assert_int_equal(v.size(), 1000);
  for (int i = 0; i < 1000; i++) assert_int_equal(v[static_cast<std::size_t>(i)], i);
  assert_true(v.is_valid());
}

UNIT_TEST(a_vector_of_vectors_moves_its_elements_when_it_grows) {
  Vector<Vector<int>> v;
  for (std::size_t i = 0; i < 50; i++) {
    v.resize_at_least(i + 1);
    v[i].push_back(static_cast<int>(i));
  }
  for (std::size_t i = 0; i < 50; i++) assert_int_equal(v[i].back(), i);
}

UNIT_TEST(resizing_a_vector_zeroes_new_elements_and_never_shrinks) {
  Vector<int> v;
  v.push_back(7);
  v.resize_at_least(4);
  v.resize_at_least(2);
  assert_int_equal(v.size(), 4);
  assert_int_equal(v[0], 7);
  assert_int_equal(v[3], 0);
}

UNIT_TEST(a_cleared_vector_is_empty_and_usable) {
  Vector<int> v;
  v.push_back(1);
  v.clear();
  assert_true(v.is_empty());
  v.push_back(2);
  assert_int_equal(v.back(), 2);
  v.pop_back();
  assert_true(v.is_empty());
}

UNIT_TEST(vector_elements_can_be_inserted_and_erased_anywhere) {
  Vector<Vector<int>> v;  // each of one element; moving one leaves it empty
  const auto put = [&](std::size_t at, int value) {
    Vector<int> element;
    element.push_back(value);
    v.insert(at, std::move(element));
  };
  const auto is = [&](std::initializer_list<int> wanted) {
    std::size_t i = 0;
    for (const int value : wanted) {
      assert_int_equal(v[i].size(), 1);
      assert_int_equal(v[i++][0], value);
    }
    assert_int_equal(v.size(), i);
  };
  put(0, 1);
  put(0, 2);
  put(2, 3);
  put(1, 4);
  is({2, 4, 1, 3});
  for (int i = 10; i < 20; i++) put(1, i);
  is({2, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 4, 1, 3});
  v.erase(13);
  v.erase(0);
  v.erase(3);
  is({19, 18, 17, 15, 14, 13, 12, 11, 10, 4, 1});
}

UNIT_TEST(inserting_or_erasing_past_the_end_of_a_vector_fails_a_check) {
  Vector<int> v;
  v.push_back(1);
  expect_assert_failure(v.insert(2, 1));
  expect_assert_failure(v.erase(1));
}

UNIT_TEST(a_moved_from_vector_is_empty) {
  Vector<int> a;
  a.push_back(1);
  Vector<int> b(std::move(a));
  assert_true(a.is_empty());
  assert_int_equal(b[0], 1);
}

UNIT_TEST(reading_past_the_end_of_a_vector_fails_a_check) {
  Vector<int> v;
  v.push_back(1);
  expect_assert_failure(static_cast<void>(v[1]));
}
