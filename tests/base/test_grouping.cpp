// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/grouping.h"

#include <initializer_list>

#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(groups_are_as_asked_for_or_where_there_are_many) {
  for (const std::size_t count : {std::size_t{1}, kMany, kMany + 1}) {
    assert_false(is_grouped(count, Grouping::no));
    assert_true(is_grouped(count, Grouping::yes));
  }
  assert_false(is_grouped(kMany, Grouping::automatic));
  assert_true(is_grouped(kMany + 1, Grouping::automatic));
}
