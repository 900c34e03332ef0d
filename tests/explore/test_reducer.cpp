// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/reducer.h"

#include "tests/check_failure.h"
#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck::explore;
using Set = std::vector<std::size_t>;

UNIT_TEST(a_failure_is_reduced_to_the_part_that_is_kept_and_the_part_that_is_lost) {
  // Fails where part 2 is kept and part 5 is not.
  const Choice latest(8, 1);
  const Reduced r = reduce({1, 0, 1, 1, 0, 0, 1, 0}, latest,
                           [](const Choice& c) { return c[2] == 1 && c[5] == 0; });
  assert_true(r.kept == Set{2} && r.lost == Set{5});
  assert_true(r.choice == (Choice{1, 1, 1, 1, 1, 0, 1, 1}));
}

UNIT_TEST(a_failure_of_the_state_that_keeps_everything_has_no_lost_part) {
  const Reduced r = reduce({1, 0, 1}, {1, 1, 1}, [](const Choice& c) { return c[2] == 1; });
  assert_true(r.kept == Set{2} && r.lost.empty() && r.choice == (Choice{1, 1, 1}));
}

UNIT_TEST(a_failure_of_the_state_that_keeps_nothing_has_no_kept_part) {
  const Reduced r = reduce({1, 0, 1}, {1, 1, 1}, [](const Choice& c) { return c[1] == 0; });
  assert_true(r.kept.empty() && r.lost == Set{1});
}

UNIT_TEST(a_version_between_the_first_and_the_latest_is_not_changed) {
  const Reduced r = reduce({2, 1}, {3, 1}, [](const Choice& c) { return c[0] == 2; });
  assert_true(r.choice == (Choice{2, 1}) && r.kept == Set{0} && r.lost == Set{0});
}

UNIT_TEST(no_part_can_be_left_out_of_a_reduced_failure) {
  pmemcheck::test::Random random(1);
  for (int i = 0; i < 300; i++) {
    const std::size_t parts = 2 + random.below(60);
    Set wanted_kept, wanted_lost;
    Choice choice(parts, 0);
    for (std::size_t p = 0; p < parts; p++) {
      choice[p] = static_cast<std::uint32_t>(random.below(2));
      if (random.below(parts) < 3) (choice[p] == 1 ? wanted_kept : wanted_lost).push_back(p);
    }
    const auto fails = [&](const Choice& c) {
      for (const std::size_t p : wanted_kept)
        if (c[p] == 0) return false;
      for (const std::size_t p : wanted_lost)
        if (c[p] == 1) return false;
      return true;
    };
    const Reduced r = reduce(choice, Choice(parts, 1), fails);
    assert_true(r.kept == wanted_kept && r.lost == wanted_lost && fails(r.choice));
  }
}

UNIT_TEST(causes_with_the_same_stacks_are_the_same) {
  using pmemcheck::StackId;
  Cause a, b;
  DecisiveStore one, other;
  one.stack = StackId{1};
  other.stack = StackId{2};
  a.kept = {one};
  a.lost = {other, one};
  b.kept = {one, one};
  b.lost = {one, other};
  assert_true(same_cause(a, b));
  b.lost = {one};
  assert_false(same_cause(a, b));
}

UNIT_TEST(reducing_choices_of_different_parts_fails_a_check) {
  const auto fails = [](const Choice&) { return true; };
  assert_check_fails(reduce({1, 0}, {1}, fails));
}
