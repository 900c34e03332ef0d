// program_checker.h: a checker that is a program, started anew for each image.
//
// Floor 4, hosted.  Tested in regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pmemcheck/explore/checks/checker.h"

namespace pmemcheck::explore {

enum class Shell { No, Yes };

// RETURNS: a checker that runs the program words[0], looked for in PATH, with these arguments.
// Shell::Yes: the program is a shell, and words[2] is the command that it runs.
// REQUIRES: there is a word, and with a shell there are three.
std::unique_ptr<Checker> check_by_program(std::vector<std::string> words, Shell shell);

}  // namespace pmemcheck::explore
