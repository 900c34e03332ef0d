// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/results.h"

#include <sstream>

#include "pmemcheck/explore/input/user_error.h"
#include "tests/check_failure.h"
#include "tests/unit.h"

using namespace pmemcheck::explore;

namespace {

Results example() {
  Results r;
  r.trace = "/a b\\c\nd";
  r.trace_bytes = 77;
  r.words = {"--check", "x {}", ""};
  r.share = 2;
  r.shares = 3;
  r.done = {10, 20};
  r.is_whole = false;
  r.tally.points = 5;
  r.tally.by_strength[3] = 4;
  r.tally.possible = 1e40;
  r.tally.checked = 9;
  r.failures.push_back({.point = 3,
                        .choice = {{0, 1}, {7, 2}},
                        .hash = {5, ~std::uint64_t{0}},
                        .verdict = {VerdictKind::Signal, 11, true}});
  r.failures.push_back(
      {.point = 4, .choice = {}, .hash = {6, 1}, .verdict = {VerdictKind::Exit, 1, false}});
  return r;
}

std::string written(const Results& r) {
  std::ostringstream out;
  write_results(out, r);
  return out.str();
}

bool is_refused(const std::string& text) {
  std::istringstream in(text);
  try {
    read_results(in, "file");
  } catch (const UserError&) {
    return true;
  }
  return false;
}

}  // namespace

UNIT_TEST(results_are_read_as_they_were_written) {
  std::istringstream in(written(example()));
  const Results r = read_results(in, "file");
  assert_string_equal(written(r).c_str(), written(example()).c_str());
  assert_true(r.trace == "/a b\\c\nd" && r.words == example().words && !r.is_whole);
  assert_true(r.failures[0].verdict == example().failures[0].verdict);
  assert_true(r.failures[0].full_choice(9) == (Choice{1, 0, 0, 0, 0, 0, 0, 2, 0}));
}

UNIT_TEST(truncated_and_foreign_results_are_refused) {
  const std::string whole = written(example());
  for (std::size_t size = 0; size + 5 < whole.size(); size++)
    assert_true(is_refused(whole.substr(0, size)));
  assert_true(is_refused("something else\n"));
  std::string newer = whole;
  newer[newer.find('\n') - 1] = '2';
  assert_true(is_refused(newer));
}

UNIT_TEST(results_that_no_run_can_have_are_refused) {
  const auto with = [](const std::string& old, const std::string& now) {
    std::string text = written(example());
    return text.replace(text.find(old), old.size(), now);
  };
  assert_false(is_refused(with("share 2 3", "share 1 3")));
  assert_true(is_refused(with("share 2 3", "share 4 3")));
  assert_true(is_refused(with("failure 3", "failure 0")));
  assert_true(is_refused(with("failure 3", "failure 5")));      // the next one is 4
  assert_true(is_refused(with(" 2 11 1 0:1", " 4 11 1 0:1")));  // no such verdict
}

UNIT_TEST(a_failure_is_matched_with_parts_that_have_its_versions) {
  Part part;
  part.versions.resize(3);
  const Failure failure = example().failures[0];  // versions 1 of part 0, and 2 of part 7
  assert_true(failure.is_of(std::vector<const Part*>(8, &part)));
  assert_false(failure.is_of(std::vector<const Part*>(7, &part)));
  part.versions.resize(2);
  assert_false(failure.is_of(std::vector<const Part*>(8, &part)));
}

UNIT_TEST(a_choice_for_too_few_parts_fails_a_check) {
  const Results r = example();
  assert_check_fails(r.failures[0].full_choice(7));
}

UNIT_TEST(joined_shares_have_the_failures_of_both_sorted_by_point) {
  Results a = example(), b = example();
  b.failures[0].point = 1;
  b.is_whole = true;
  a.join(b);
  assert_int_equal(a.tally.checked, 18);
  assert_int_equal(a.tally.points, 5);
  assert_int_equal(a.failures.size(), 4);
  assert_int_equal(a.failures[0].point, 1);
  assert_false(a.is_whole);
}
