// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/images/seen_images.h"

#include "tests/unit.h"

using namespace pmemcheck::explore;

UNIT_TEST(an_image_is_new_only_the_first_time) {
  SeenImages seen;
  for (int round = 0; round < 2; round++)
    for (std::uint64_t i = 0; i < 20000; i++)
      assert_true(seen.insert(hash_of_chunk(0, i, i)) == (round == 0));
  assert_int_equal(seen.size(), 20000);
}

UNIT_TEST(the_hash_zero_is_stored_like_any_other) {
  SeenImages seen;
  assert_true(seen.insert({}));
  assert_false(seen.insert({}));
}
