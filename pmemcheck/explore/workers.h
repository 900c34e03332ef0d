// workers.h: one exploration by several processes at once.
//
// Floor 4, hosted.  Tested in regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "pmemcheck/explore/explorer.h"

namespace pmemcheck::explore {

// A directory of this process's own for images, removed when it goes.
class WorkDirectory {
 public:
  // In `wanted`, or if that is empty where there is memory for files.  Throws UserError.
  explicit WorkDirectory(const std::string& wanted);
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;
  ~WorkDirectory();
  // RETURNS: a new, empty directory in it.
  std::string make(const std::string& name) const;

 private:
  std::string path_;
};

// Explores the share that the arguments ask for, in as many processes as they ask for.  Goes on
// from `before` if that is not null: what an interrupted run has left.  Ends early, with what was
// found so far, after SIGINT or SIGTERM.
// Throws UserError where a worker ran into one.
Results explore_in_parallel(const Recording& recording, const Survey& survey,
                            const Arguments& arguments, const WorkDirectory& directory,
                            const Results* before);

}  // namespace pmemcheck::explore
