// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/grouping.h"

#include <initializer_list>

#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(findings_are_grouped_as_requested_or_automatically_above_the_limit) {
  for (const std::size_t count : {std::size_t{1}, kMany, kMany + 1}) {
    assert_false(is_grouped(count, Grouping::no));
    assert_true(is_grouped(count, Grouping::yes));
  }
  assert_false(is_grouped(kMany, Grouping::automatic));
  assert_true(is_grouped(kMany + 1, Grouping::automatic));
}
