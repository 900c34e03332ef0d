// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checks/checker.h"

#include <unistd.h>

#include "pmemcheck/explore/input/recording.h"
#include "tests/explore/trace_builder.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;

namespace {

std::string refusal(const CheckerChoice& choice) {
  try {
    look_for_checker(choice);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

// Running them makes this process the parent of what they leave, and sets a timer: that is tried
// with the real program, in regtest/cases/explore.

UNIT_TEST(a_program_that_is_not_there_or_cannot_be_executed_is_told) {
  const test::TemporaryDirectory d;
  const std::string plain = d.write("plain", "text");
  assert_true(refusal({.command = "sh -c 'exit 0' {}", .library = {}}).empty());
  assert_true(refusal({.command = "a | b {}", .library = {}}).empty());
  assert_string_equal(refusal({.command = "no-such-program {}", .library = {}}).c_str(),
                      "--check: no-such-program: there is no such program");
  assert_string_equal(refusal({.command = plain + " {}", .library = {}}).c_str(),
                      ("--check: " + plain + ": cannot be executed").c_str());
  assert_string_equal(refusal({.command = "sh", .library = {}}).c_str(),
                      "--check 'sh': want {} in it, which stands for the image");
}

UNIT_TEST(a_library_that_is_not_there_is_told) {
  assert_string_equal(refusal({.command = {}, .library = "x.so"}).c_str(),
                      "--check-library=x.so: want FILE.so:SYMBOL");
  assert_true(refusal({.command = {}, .library = "/no/such.so:f"})
                  .starts_with("--check-library=/no/such.so:f: /no/such.so: cannot open"));
  assert_true(refusal({.command = {}, .library = "libc.so.6:no_such_symbol"})
                  .find("undefined symbol: no_such_symbol") != std::string::npos);
  assert_true(refusal({.command = {}, .library = "libc.so.6:puts"}).empty());
}

UNIT_TEST(verdicts_have_words) {
  assert_string_equal(words_for(Verdict{}).c_str(), "consistent");
  assert_string_equal(words_for(Verdict{VerdictKind::Exit, 3, false}).c_str(), "exit status 3");
  assert_string_equal(words_for(Verdict{VerdictKind::Signal, 11, false}).c_str(),
                      "died of signal 11 (Segmentation fault)");
  assert_string_equal(words_for(Verdict{VerdictKind::TimedOut, 0, false}).c_str(),
                      "did not end in time");
}
