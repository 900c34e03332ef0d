// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/engine.h"

#include <set>

#include "tests/explore/trace_builder.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;
using test::images_of;
using test::TraceBuilder;

namespace {

// Three stores to three lines, and a second one to the last: the bytes that count of an image.
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

UNIT_TEST(all_combinations_are_exhaustive) {
  assert_true(images(Engine::Exhaustive) == (Set{"....", "a...", ".b..", "ab..", "..c.", "a.c.",
                                                 ".bc.", "abc.", "..cd", "a.cd", ".bcd", "abcd"}));
  assert_true(images(Engine::ReorderFull) == images(Engine::Exhaustive));
}

UNIT_TEST(past_the_budget_pairs_are_left_of_exhaustive) {
  const Set found = images(Engine::Exhaustive, {.max_states = 11, .random_states = 0});
  assert_true(found.size() < 12 && found.contains("....") && found.contains("abcd"));
  assert_true(found == images(Engine::Pairs, {.max_states = 11, .random_states = 0}));
}

UNIT_TEST(three_parts_by_threes_are_all) {
  assert_true(images(Engine::Triples) == images(Engine::Exhaustive));
}

UNIT_TEST(stores_accumulate_in_order) {
  assert_true(images(Engine::ReorderAccumulative) == (Set{"....", "a...", "ab..", "abc.", "abcd"}));
}

UNIT_TEST(backwards_orders_that_hardware_cannot_leave_are_passed_over) {
  // "d" alone is impossible: "c" went to the same line before it.
  assert_true(images(Engine::ReorderReverseAccumulative) == (Set{"....", "..cd", ".bcd", "abcd"}));
}

UNIT_TEST(no_reordering_is_one_image_or_none) {
  assert_true(images(Engine::NoReorderDoCheck) == Set{"abcd"});
  assert_true(images(Engine::NoReorderNoCheck).empty());
}

UNIT_TEST(random_choices_are_the_seeds) {
  const EngineLimits few{.max_states = 5, .seed = 3};
  assert_true(images(Engine::Random, few) == images(Engine::Random, few));
  assert_true(images(Engine::Random, few).size() <= 5);
  Set all;
  for (std::uint64_t seed = 0; seed < 30; seed++)
    all.merge(images(Engine::Random, {.max_states = 5, .seed = seed}));
  assert_true(all == images(Engine::Exhaustive));
  assert_true(images(Engine::ReorderPartial, few) == images(Engine::Random, few));
}

UNIT_TEST(engines_have_the_names_that_people_type) {
  for (const char* name :
       {"exhaustive", "pairs", "triples", "random", "NoReorderNoCheck", "NoReorderDoCheck",
        "ReorderFull", "ReorderPartial", "ReorderAccumulative", "ReorderReverseAccumulative"})
    assert_true(name_of(*engine_of(name)) == name);
  assert_false(engine_of("full").has_value());
}
