// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checks/make_checker.h"

#include <unistd.h>

#include "pmemcheck/explore/input/user_error.h"
#include "tests/explore/temporary_directory.h"

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

// Running a checker makes this process the parent of the processes that the checker leaves, and
// sets a timer.  That is tested with the real program, in regtest/cases/explore.

UNIT_TEST(a_program_that_is_missing_or_not_executable_is_refused_by_name) {
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

UNIT_TEST(a_missing_library_or_function_is_refused_by_name) {
  assert_string_equal(refusal({.command = {}, .library = "x.so"}).c_str(),
                      "--check-library=x.so: want FILE.so:SYMBOL");
  assert_true(refusal({.command = {}, .library = "/no/such.so:f"})
                  .starts_with("--check-library=/no/such.so:f: /no/such.so: cannot open"));
  assert_true(refusal({.command = {}, .library = "libc.so.6:no_such_symbol"})
                  .find("undefined symbol: no_such_symbol") != std::string::npos);
  assert_true(refusal({.command = {}, .library = "libc.so.6:puts"}).empty());
}
