// survey.h: a first pass over a recording: its files, and what they held before the run.
//
// Floor 4, hosted.  Tested in tests/explore/input/test_survey.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "pmemcheck/explore/input/files.h"
#include "pmemcheck/explore/input/recording.h"

namespace pmemcheck::explore {

// REQUIRES: the recording outlives this.
struct Survey {
  explicit Survey(const Recording& recording);

  // What a part of a file held when it was mapped for the first time.
  struct Initial {
    FileLocation location;
    std::span<const std::uint8_t> data;  // in the recording
  };
  Files files;
  std::vector<Initial> initial;
  std::uint64_t stores = 0;
  std::uint64_t stray_stores = 0;  // those of `stores` that lie in no mapping
};

}  // namespace pmemcheck::explore
