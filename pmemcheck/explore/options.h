// options.h: the command line of pmemcheck-explore.
//
// Floor 4, hosted.  Tested in tests/explore/test_options.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pmemcheck/explore/checks/make_checker.h"
#include "pmemcheck/explore/input/text_log_reader.h"
#include "pmemcheck/explore/states/point.h"

namespace pmemcheck::explore {

// One of `count` shares of the states.
struct Share {
  std::uint64_t number = 1;  // 1 .. count
  std::uint64_t count = 1;
  bool is_valid() const { return 1 <= number && number <= count; }
};

enum class Task { Explore, Merge, Resume, Replay, DumpTables, Help, Version };

// A name for a range of a file: NAME=FILE:OFFSET:BYTES.
struct NamedRange {
  std::string name, file;
  std::uint64_t offset = 0, bytes = 0;
};

struct Arguments {
  Task task = Task::Explore;
  std::vector<std::string> files;  // the recording; for Merge the results, for Resume one of them
  PreImages images;
  CheckerChoice checker;
  Scope scope;
  EngineLimits limits;
  Share share;
  std::uint64_t jobs = 0;  // 0: one for each processor
  std::string results, json, save, work_directory, replay_id;
  std::vector<NamedRange> names;
  std::uint64_t max_reductions = 100;
  bool is_quiet = false;
};

// RETURNS: the words, parsed.
// Throws UserError, which names the option, the value and what was wanted.
Arguments parse_arguments(const std::vector<std::string>& words);

// RETURNS: the text of --help.
std::string help();

}  // namespace pmemcheck::explore
