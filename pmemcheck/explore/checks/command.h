// command.h: the command of --check, taken apart.
//
// Floor 4, hosted.  Tested in tests/explore/checks/test_command.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace pmemcheck::explore {

// RETURNS: the words of a command, as a shell would read them: quotes and backslashes, no
// variables.  Throws UserError where a quote does not end.
std::vector<std::string> words_of(const std::string& command);

// RETURNS: whether only a shell can run it: it has pipes, variables, patterns or the like.
bool needs_a_shell(const std::string& command);

// Replaces {} and {NAME}: path_of("") and path_of("NAME") say what by.  What path_of knows nothing
// of (an empty string) stays as it is.
std::string with_paths(const std::string& text,
                       const std::function<std::string(const std::string&)>& path_of);

// RETURNS: the text as one word of a shell's.
std::string quoted_for_shell(const std::string& text);

// RETURNS: the program's path, looked for in PATH where the name has no slash; empty for none that
// can be executed.
std::string find_program(const std::string& name);

}  // namespace pmemcheck::explore
