// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checks/command.h"

#include "pmemcheck/explore/input/user_error.h"
#include "tests/unit.h"

using namespace pmemcheck::explore;
using Words = std::vector<std::string>;

UNIT_TEST(a_command_is_split_into_words_as_a_shell_would) {
  assert_true(words_of("check  {} -v") == (Words{"check", "{}", "-v"}));
  assert_true(words_of("a 'b c' \"d e\" f\\ g") == (Words{"a", "b c", "d e", "f g"}));
  assert_true(words_of("a '' b") == (Words{"a", "", "b"}));
  assert_true(words_of("x'y'z") == Words{"xyz"});
  assert_true(words_of("").empty());
}

UNIT_TEST(a_command_without_its_closing_quote_is_refused) {
  bool refused = false;
  try {
    words_of("a 'b");
  } catch (const UserError& error) {
    refused = std::string(error.what()).find("a closing quote is missing") != std::string::npos;
  }
  assert_true(refused);
}

UNIT_TEST(a_command_with_shell_syntax_needs_a_shell) {
  for (const char* command : {"a {} | b", "a > b", "a; b", "a $X", "X=1 a {}", "a *"})
    assert_true(needs_a_shell(command));
  for (const char* command : {"a {}", "a 'b c' {}", "./a -b --c {pool}"})
    assert_false(needs_a_shell(command));
}

UNIT_TEST(names_in_braces_are_replaced_by_paths) {
  const auto path_of = [](const std::string& name) {
    return name.empty() ? std::string("/d") : name == "pool" ? "/d/pool" : "";
  };
  assert_string_equal(with_paths("{} {pool} {other} {", path_of).c_str(), "/d /d/pool {other} {");
}

UNIT_TEST(text_with_quotes_is_quoted_for_a_shell) {
  assert_string_equal(quoted_for_shell("a'b c").c_str(), "'a'\\''b c'");
}

UNIT_TEST(programs_are_looked_up_in_path) {
  assert_true(find_program("sh").ends_with("/sh"));
  assert_true(find_program("no-such-program-anywhere").empty());
  assert_true(find_program("/bin/sh") == "/bin/sh");
  assert_true(find_program("/etc/passwd").empty());
  assert_true(find_program("/tmp").empty());
}
