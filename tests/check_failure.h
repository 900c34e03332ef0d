// check_failure.h: asserts that a check (PM_CHECK, PM_DCHECK) fails.
//
// CMocka's expect_assert_failure() leaves the code under test by longjmp(), without destructors:
// what it allocated would be leaked.  Here the host throws, which suits hosted code such as
// explore/.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace pmemcheck::test {

// What the host of the unit tests throws for a failed check while one is expected.
struct CheckFailure {};
inline bool is_check_failure_expected = false;

// RETURNS: whether a check fails in act().
template <class Act>
bool fails_a_check(Act act) {
  is_check_failure_expected = true;
  bool has_failed = false;
  try {
    act();
  } catch (const CheckFailure&) {
    has_failed = true;
  }
  is_check_failure_expected = false;
  return has_failed;
}

}  // namespace pmemcheck::test

#define assert_check_fails(...)                                                                    \
  assert_true(::pmemcheck::test::fails_a_check([&] { static_cast<void>(__VA_ARGS__); }))
