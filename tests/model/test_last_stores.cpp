// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/last_stores.h"

#include <vector>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr GuestAddr kPlace(0x1000);
using Bytes = std::vector<std::uint8_t>;

}  // namespace

UNIT_TEST(the_first_store_to_an_address_is_no_repetition) {
  LastStores last;
  assert_false(last.repeats(kPlace, Bytes{0, 0}, 0, 100));
}

UNIT_TEST(the_same_store_repeats_within_fewer_superblocks_than_the_limit) {
  LastStores last;
  last.repeats(kPlace, Bytes{1, 2}, 10, 5);
  assert_true(last.repeats(kPlace, Bytes{1, 2}, 14, 5));
  assert_false(last.repeats(kPlace, Bytes{1, 2}, 19, 5));
}

UNIT_TEST(a_store_with_another_value_size_or_address_is_no_repetition) {
  LastStores last;
  last.repeats(kPlace, Bytes{1, 2}, 0, 5);
  assert_false(last.repeats(kPlace + 1, Bytes{1, 2}, 0, 5));
  assert_false(last.repeats(kPlace, Bytes{1, 3}, 0, 5));
  assert_false(last.repeats(kPlace, Bytes{1}, 0, 5));
}

UNIT_TEST(a_store_wider_than_any_register_is_no_repetition_and_is_not_remembered) {
  LastStores last;
  last.repeats(kPlace, Bytes{1, 2}, 0, 5);
  assert_false(last.repeats(kPlace, Bytes(33, 0), 0, 5));
  assert_false(last.repeats(kPlace, Bytes(33, 0), 0, 5));
  assert_false(last.repeats(kPlace, Bytes{1, 2}, 0, 5));
}

UNIT_TEST(last_stores_move_with_the_memory_that_they_were_made_to) {
  LastStores last;
  last.repeats(kPlace, Bytes{1, 2}, 0, 5);
  last.repeats(kPlace + 0x2000, Bytes{3}, 0, 5);
  last.move(GuestRange::of(kPlace, 0x1000), kPlace + 0x8000);
  assert_true(last.repeats(kPlace + 0x8000, Bytes{1, 2}, 0, 5));
  assert_true(last.repeats(kPlace + 0x2000, Bytes{3}, 0, 5));
  assert_false(last.repeats(kPlace, Bytes{1, 2}, 0, 5));
}

UNIT_TEST(a_superblock_number_that_decreases_fails_the_check) {
  LastStores stores;
  const std::uint8_t value[] = {1};
  assert_false(stores.repeats(GuestAddr(0x1000), value, 10, 5));
  expect_assert_failure(static_cast<void>(stores.repeats(GuestAddr(0x1000), value, 9, 5)));
}
