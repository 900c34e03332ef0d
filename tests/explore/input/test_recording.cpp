// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/recording.h"

#include "pmemcheck/explore/input/user_error.h"
#include "tests/explore/trace_builder.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;
using test::TraceBuilder;

namespace {

std::string example() {
  TraceBuilder trace;
  return trace.thread(1).store(0, "a").flush(0).fence().file();
}

// RETURNS: the error for a file with these bytes, without the directory of its path; empty for
// none.
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

UNIT_TEST(a_whole_trace_is_read_without_notices) {
  assert_true(notices(example()).empty());
}

UNIT_TEST(a_truncated_trace_is_read_with_a_notice) {
  const std::string whole = example();
  assert_true(notices(whole.substr(0, whole.size() - 2)) ==
              std::vector<std::string>{
                  "the trace is incomplete: the run was killed, or the disk was full"});
  const auto notice = notices(whole.substr(0, whole.size() - 3));
  assert_int_equal(notice.size(), 1);
  assert_true(notice[0].starts_with("the trace ends within a record, at byte "));
  assert_true(refusal(whole.substr(0, 10)).starts_with("run: ends within its first bytes"));
}

UNIT_TEST(foreign_newer_and_damaged_files_are_refused_with_different_errors) {
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

UNIT_TEST(a_missing_recording_is_refused_by_name) {
  try {
    const Recording recording("/no/such/file", {});
    fail();
  } catch (const UserError& error) {
    assert_string_equal(error.what(), "/no/such/file: No such file or directory");
  }
}

UNIT_TEST(images_are_refused_for_a_trace) {
  assert_true(refusal(example(), {{"a", "b"}}).starts_with("--image: "));
}
