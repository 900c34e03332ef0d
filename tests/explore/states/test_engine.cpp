// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/engine.h"

#include <set>

#include "tests/check_failure.h"
#include "tests/explore/trace_builder.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;
using test::images_of;
using test::TraceBuilder;

namespace {

// RETURNS: the bytes of interest of each image after stores to three lines, two of them to the
// last.
std::set<std::string> images(Engine engine, EngineLimits limits = {}) {
  TraceBuilder trace;
  trace.thread(1).store(0, "a").store(64, "b").store(128, "c").store(136, "d");
  std::set<std::string> result;
  for (const std::string& image : images_of(trace.file(), {.engine = engine}, limits)) {
    std::string bytes;
    for (const std::size_t at : {0, 64, 128, 136}) bytes += image[at] == 0 ? '.' : image[at];
    result.insert(bytes);
  }
  return result;
}

using Set = std::set<std::string>;

}  // namespace

UNIT_TEST(the_exhaustive_engine_gives_every_combination) {
  assert_true(images(Engine::Exhaustive) == (Set{"....", "a...", ".b..", "ab..", "..c.", "a.c.",
                                                 ".bc.", "abc.", "..cd", "a.cd", ".bcd", "abcd"}));
  assert_true(images(Engine::ReorderFull) == images(Engine::Exhaustive));
}

UNIT_TEST(the_exhaustive_engine_gives_pairs_past_max_states) {
  const Set found = images(Engine::Exhaustive, {.max_states = 11, .random_states = 0});
  assert_true(found.size() < 12 && found.contains("....") && found.contains("abcd"));
  assert_true(found == images(Engine::Pairs, {.max_states = 11, .random_states = 0}));
}

UNIT_TEST(triples_of_three_parts_are_every_combination) {
  assert_true(images(Engine::Triples) == images(Engine::Exhaustive));
}

UNIT_TEST(the_accumulative_engine_keeps_one_more_of_the_first_stores_each_time) {
  assert_true(images(Engine::ReorderAccumulative) == (Set{"....", "a...", "ab..", "abc.", "abcd"}));
}

UNIT_TEST(the_reverse_accumulative_engine_skips_states_that_hardware_cannot_leave) {
  // "d" alone is impossible: "c" went to the same line before it.
  assert_true(images(Engine::ReorderReverseAccumulative) == (Set{"....", "..cd", ".bcd", "abcd"}));
}

UNIT_TEST(the_engines_without_reordering_give_one_image_or_none) {
  assert_true(images(Engine::NoReorderDoCheck) == Set{"abcd"});
  assert_true(images(Engine::NoReorderNoCheck).empty());
}

UNIT_TEST(random_choices_depend_on_the_seed_only) {
  const EngineLimits few{.max_states = 5, .seed = 3};
  assert_true(images(Engine::Random, few) == images(Engine::Random, few));
  assert_true(images(Engine::Random, few).size() <= 5);
  Set all;
  for (std::uint64_t seed = 0; seed < 30; seed++)
    all.merge(images(Engine::Random, {.max_states = 5, .seed = seed}));
  assert_true(all == images(Engine::Exhaustive));
  assert_true(images(Engine::ReorderPartial, few) == images(Engine::Random, few));
}

UNIT_TEST(every_engine_has_the_name_that_users_type) {
  for (const char* name :
       {"exhaustive", "pairs", "triples", "random", "NoReorderNoCheck", "NoReorderDoCheck",
        "ReorderFull", "ReorderPartial", "ReorderAccumulative", "ReorderReverseAccumulative"})
    assert_true(engine_name(*engine_of(name)) == name);
  assert_false(engine_of("full").has_value());
}

UNIT_TEST(limits_that_allow_no_state_fail_a_check) {
  assert_check_fails(Choices({.max_states = 0}));
}

UNIT_TEST(a_part_without_versions_fails_a_check) {
  const Part part = {};
  Choices choices({});
  assert_check_fails(
      choices.for_each(Engine::Exhaustive, {&part}, 1, [](const Choice&) { return true; }));
}
