// workers.h: spreads one exploration over several processes.
//
// Floor 4, hosted.  Tested in regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "pmemcheck/explore/explorer.h"

namespace pmemcheck::explore {

// A directory of this process for images, removed by the destructor.
class WorkDirectory {
 public:
  // Makes it in `wanted`; if that is empty, in memory if possible.  Throws UserError.
  explicit WorkDirectory(const std::string& wanted);
  WorkDirectory(const WorkDirectory&) = delete;
  WorkDirectory& operator=(const WorkDirectory&) = delete;
  ~WorkDirectory();
  // RETURNS: an empty directory in it, made anew.  REQUIRES: a name without slashes.
  std::string make(const std::string& name) const;

 private:
  std::string path_;
};

// Explores the share that the arguments ask for, in as many processes as they ask for.  Continues
// after `before`, the results of an interrupted run, unless that is null.  After SIGINT or SIGTERM
// ends early, with what was found so far.
// Throws UserError if a worker did.
// REQUIRES: arguments.share is valid; this process has no other children.
Results explore_in_parallel(const Recording& recording, const Survey& survey,
                            const Arguments& arguments, const WorkDirectory& directory,
                            const Results* before);

}  // namespace pmemcheck::explore
