// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/origin.h"

#include <array>

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

UNIT_TEST(a_word_from_one_store_needs_no_mixed_record) {
  MixedWords mixed;
  LineOrigins origins;
  origins.set(ByteMask::of(8, 24), ByteMask(), StackId{5}, mixed);
  assert_int_equal(origins.at(8, mixed), StackId{5});
  assert_int_equal(origins.at(23, mixed), StackId{5});
  assert_int_equal(mixed.in_use(), 0);
}

UNIT_TEST(bytes_of_one_word_keep_the_stacks_of_their_stores) {
  MixedWords mixed;
  LineOrigins origins;
  origins.set(ByteMask::of(0, 8), ByteMask(), StackId{1}, mixed);
  origins.set(ByteMask::of(2, 4), ByteMask::of(0, 2) | ByteMask::of(4, 8), StackId{2}, mixed);
  assert_int_equal(origins.at(1, mixed), StackId{1});
  assert_int_equal(origins.at(2, mixed), StackId{2});
  assert_int_equal(origins.at(4, mixed), StackId{1});
  assert_int_equal(mixed.in_use(), 1);
}

UNIT_TEST(a_store_to_a_whole_word_releases_its_mixed_record) {
  MixedWords mixed;
  LineOrigins origins;
  origins.set(ByteMask::of(0, 4), ByteMask(), StackId{1}, mixed);
  origins.set(ByteMask::of(4, 8), ByteMask::of(0, 4), StackId{2}, mixed);
  assert_int_equal(mixed.in_use(), 1);
  origins.set(ByteMask::of(0, 8), ByteMask(), StackId{3}, mixed);
  assert_int_equal(mixed.in_use(), 0);
  assert_int_equal(origins.at(0, mixed), StackId{3});
}

UNIT_TEST(forgetting_a_line_releases_its_mixed_records) {
  MixedWords mixed;
  LineOrigins origins;
  origins.set(ByteMask::of(0, 4), ByteMask(), StackId{1}, mixed);
  origins.set(ByteMask::of(4, 8), ByteMask::of(0, 4), StackId{2}, mixed);
  assert_false(origins.set_words(ByteMask::of(0, 8), ByteMask::of(0, 8), StackId{3}));
  origins.forget(mixed);
  assert_int_equal(mixed.in_use(), 0);
  assert_true(origins.set_words(ByteMask::of(0, 8), ByteMask(), StackId{3}));
  assert_int_equal(origins.at(0, mixed), StackId{3});
}

UNIT_TEST(origins_agree_with_an_array_of_bytes) {
  test::Random random(3);
  for (int round = 0; round < 300; round++) {
    MixedWords mixed;
    LineOrigins origins;
    std::array<StackId, kLineBytes> oracle{};
    ByteMask outstanding;
    for (int step = 0; step < 60; step++) {
      const auto first = static_cast<unsigned>(random.below(kLineBytes));
      const auto end = first + 1 + static_cast<unsigned>(random.below(kLineBytes - first));
      const ByteMask bytes = ByteMask::of(first, end);
      if (random.below(3) == 0) {
        outstanding = outstanding.without(bytes);  // as if they became durable
        continue;
      }
      const StackId stack{static_cast<std::uint32_t>(random.below(4))};
      // set_words() has the same effect where it succeeds.
      if (!origins.set_words(bytes, outstanding, stack))
        origins.set(bytes, outstanding.without(bytes), stack, mixed);
      outstanding |= bytes;
      for (unsigned i = first; i < end; i++) oracle[i] = stack;
      for (unsigned i = 0; i < kLineBytes; i++)
        if (outstanding.has(i)) assert_int_equal(origins.at(i, mixed), oracle[i]);
      assert_true(mixed.in_use() <= 8);
    }
  }
}
