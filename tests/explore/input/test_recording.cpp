// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/recording.h"

#include "tests/explore/trace_builder.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;
using test::TraceBuilder;

namespace {

std::string example() {
  TraceBuilder trace;
  return trace.thread(1).store(0, "a").flush(0).fence().file();
}

// RETURNS: what is said of a file with these bytes, without its path.
std::string refusal(const std::string& bytes, const PreImages& images = {}) {
  const test::TemporaryDirectory d;
  try {
    const Recording recording(d.write("run", bytes), images);
  } catch (const UserError& error) {
    const std::string text = error.what();
    return text.starts_with(d.path()) ? text.substr(d.path().size() + 1) : text;
  }
  return "";
}

std::vector<std::string> notices(const std::string& bytes) {
  const test::TemporaryDirectory d;
  return Recording(d.write("run", bytes), {}).notices();
}

}  // namespace

UNIT_TEST(a_whole_trace_has_nothing_to_be_said_of_it) {
  assert_true(notices(example()).empty());
}

UNIT_TEST(a_trace_cut_short_is_read_with_a_notice) {
  const std::string whole = example();
  assert_true(
      notices(whole.substr(0, whole.size() - 2)) ==
      std::vector<std::string>{"the trace has no end: the run was killed, or the disk was full"});
  const auto said = notices(whole.substr(0, whole.size() - 3));
  assert_int_equal(said.size(), 1);
  assert_true(said[0].starts_with("the trace ends within a record, at byte "));
  assert_true(refusal(whole.substr(0, 10)).starts_with("run: ends in its first bytes"));
}

UNIT_TEST(a_foreign_a_newer_and_a_damaged_file_are_told_apart) {
  assert_true(refusal("#!/bin/sh\nexit 0\n").starts_with("run: neither a trace"));
  std::string newer = example();
  newer[16] = 3;
  newer[21] = '9';
  assert_string_equal(refusal(newer).c_str(),
                      "run: a trace of format 3, written by pmemcheck 9.0; this is "
                      "pmemcheck-explore 1.0, which reads format 2");
  std::string damaged = example();
  damaged[24] = 99;
  assert_true(refusal(damaged).starts_with("run: damaged at byte 24 of "));
}

UNIT_TEST(a_file_that_is_not_there_is_named) {
  try {
    const Recording recording("/no/such/file", {});
    fail();
  } catch (const UserError& error) {
    assert_string_equal(error.what(), "/no/such/file: No such file or directory");
  }
}

UNIT_TEST(images_are_for_text_logs) {
  assert_true(refusal(example(), {{"a", "b"}}).starts_with("--image: "));
}
