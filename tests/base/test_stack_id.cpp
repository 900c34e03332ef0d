// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/stack_id.h"

#include <initializer_list>

#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(a_program_stack_id_is_its_index) {
  for (const std::uint32_t index : {1u, 2u, 0x3fff'fffeu}) {
    const StackId stack = stack_id::of_program(index);
    assert_int_equal(stack, StackId{index});
    assert_int_equal(stack_id::index(stack), index);
    assert_false(stack_id::is_kernel(stack));
    assert_true(stack_id::is_valid(stack));
  }
}

UNIT_TEST(a_kernel_stack_id_keeps_its_index_and_is_no_program_stack_id) {
  for (const std::uint32_t index : {0u, 1u, 0x3fff'ffffu}) {
    const StackId stack = stack_id::of_kernel(index);
    assert_int_equal(stack_id::index(stack), index);
    assert_true(stack_id::is_kernel(stack));
    assert_true(stack_id::is_valid(stack));
  }
}

UNIT_TEST(none_and_silent_are_no_kernel_stacks) {
  assert_false(stack_id::is_kernel(StackId::None));
  assert_false(stack_id::is_kernel(StackId::Silent));
}

UNIT_TEST(a_stack_index_that_needs_more_bits_fails_the_check) {
  expect_assert_failure(stack_id::of_program(0));            // StackId::None
  expect_assert_failure(stack_id::of_program(0x3fff'ffff));  // StackId::Silent
  expect_assert_failure(stack_id::of_program(0x4000'0000));
  expect_assert_failure(stack_id::of_program(std::uint64_t{1} << 32 | 1));
  expect_assert_failure(stack_id::of_kernel(0x4000'0000));
  expect_assert_failure(stack_id::of_kernel(std::uint64_t{1} << 32));
}

UNIT_TEST(a_stack_or_number_returns_the_stack_that_was_stored_in_it) {
  assert_int_equal(StackOrNumber().stack(), StackId::None);
  for (const StackId stack :
       {StackId::None, StackId{7}, StackId::Silent, stack_id::of_kernel(0x3fff'ffff)}) {
    assert_false(StackOrNumber(stack).is_mixed());
    assert_int_equal(StackOrNumber(stack).stack(), stack);
  }
}

UNIT_TEST(a_mixed_stack_or_number_returns_the_number_that_was_stored_in_it) {
  for (const std::uint32_t number : {0u, 1u, 0x7fff'ffffu}) {
    assert_true(StackOrNumber::mixed(number).is_mixed());
    assert_int_equal(StackOrNumber::mixed(number).number(), number);
  }
  assert_false(StackOrNumber::mixed(7) == StackOrNumber(StackId{7}));
}

UNIT_TEST(one_mixed_stack_or_number_makes_the_union_mixed) {
  const StackOrNumber plain(StackId{5}), kernel(stack_id::of_kernel(9));
  assert_false((plain | kernel).is_mixed());
  assert_true((plain | StackOrNumber::mixed(0)).is_mixed());
  assert_true((StackOrNumber::mixed(0) | kernel).is_mixed());
}

UNIT_TEST(a_stack_or_number_that_is_too_large_or_read_as_the_other_kind_fails_a_check) {
  expect_assert_failure(StackOrNumber(StackId{0x8000'0000}));
  expect_assert_failure(StackOrNumber::mixed(0x8000'0000));
  expect_assert_failure(StackOrNumber(StackId{1}).number());
  expect_assert_failure(StackOrNumber::mixed(1).stack());
}
