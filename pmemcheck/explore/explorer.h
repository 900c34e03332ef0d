// explorer.h: lists the states of a recording, and checks those of one share.
//
// Every share lists all states; which are its to check is said by their contents.  So equal images
// fall to one share, and each is checked once, however many shares there are.
//
// Floor 4, hosted.  Tested in regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "pmemcheck/explore/options.h"
#include "pmemcheck/explore/results.h"

namespace pmemcheck::explore {

// What a worker tells while it works, in memory that it shares with others.
struct Progress {
  std::atomic<std::uint64_t> points, checked, failures;
  std::atomic<bool> is_to_stop;
};

// RETURNS: whether an image is this share's.
inline bool belongs_to(ContentHash hash, Share share) {
  return hash.low % share.count == share.number - 1;
}

struct Work {
  const Recording& recording;
  const Survey& survey;
  const Arguments& arguments;
  Share share;
  std::uint64_t first = 0;  // states listed before are another run's: they have been checked
  std::string directory;    // for the image; exists, and is empty
  Progress* progress = nullptr;
};

// RETURNS: what was found.  Throws UserError, std::system_error.
Results explore(const Work& work);

// Checks the image as it is, and makes it fit to be used again.
Verdict check_image(Checker& checker, Image& image, const History& history, const Point& point,
                    int output);

}  // namespace pmemcheck::explore
