// command.h: parses the command of --check.
//
// Floor 4, hosted.  Tested in tests/explore/checks/test_command.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace pmemcheck::explore {

// RETURNS: the words of a command, split as a shell would: with quotes and backslashes, but without
// variables.  Throws UserError if a closing quote is missing.
std::vector<std::string> words_of(const std::string& command);

// RETURNS: whether only a shell can run the command, because of pipes, variables, patterns, ...
bool needs_a_shell(const std::string& command);

// RETURNS: `text` with {} replaced by path_of("") and {NAME} by path_of("NAME").  If path_of()
// returns an empty string, the braces stay.
std::string with_paths(const std::string& text,
                       const std::function<std::string(const std::string&)>& path_of);

// RETURNS: the text quoted as one word for a shell.
std::string quoted_for_shell(const std::string& text);

// RETURNS: the path of an executable program, looked up in PATH if the name has no slash; empty if
// there is none.
std::string find_program(const std::string& name);

}  // namespace pmemcheck::explore
