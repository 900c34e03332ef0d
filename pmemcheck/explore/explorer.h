// explorer.h: lists the states of a recording, and checks those of one share.
//
// Every share lists all states; the contents of an image decide which share checks it.  Equal
// images therefore belong to one share, and are checked once, however many shares there are.
//
// Floor 4, hosted.  Tested in regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "pmemcheck/base/check.h"
#include "pmemcheck/explore/input/survey.h"
#include "pmemcheck/explore/options.h"
#include "pmemcheck/explore/results.h"

namespace pmemcheck::explore {

// A worker's progress, and the request to stop it, in memory that all workers share.
struct Progress {
  std::atomic<std::uint64_t> points, checked, failures;
  std::atomic<bool> is_to_stop;
};

// RETURNS: whether an image belongs to this share.  REQUIRES: the share is valid.
inline bool belongs_to(ContentHash hash, Share share) {
  PM_DCHECK(share.is_valid());
  return hash.low % share.count == share.number - 1;
}

struct Work {
  const Recording& recording;
  const Survey& survey;  // of the recording
  const Arguments& arguments;
  Share share;
  std::uint64_t first = 0;  // an earlier run has checked the states listed before this one
  std::string directory;    // for the image
  Progress* progress = nullptr;
};

// Explores the share.  RETURNS: what was found.  Throws UserError, std::system_error.
// REQUIRES: the share is valid; the directory exists and is empty; prepare_to_check() was called.
Results explore(const Work& work);

}  // namespace pmemcheck::explore
