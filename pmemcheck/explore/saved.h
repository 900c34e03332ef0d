// saved.h: saves failing images, and makes images again.
//
// Floor 4, hosted.  Tested in regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "pmemcheck/explore/report.h"

namespace pmemcheck::explore {

// Keeps an image of each cause in `directory`/ID, with a README.  Throws std::system_error.
void save_causes(const Report& report, const Survey& survey, const std::string& directory);

// Makes the image of arguments.replay_id again, in `directory`.  If there is a checker, runs it and
// writes its output to standard output.
// RETURNS: the verdict; consistent without a checker.
// Throws UserError if there is no such image.
// REQUIRES: `work_directory` exists and is empty; prepare_to_check() was called.
Verdict replay(const Recording& recording, const Survey& survey, const Arguments& arguments,
               const std::string& directory, const std::string& work_directory);

}  // namespace pmemcheck::explore
