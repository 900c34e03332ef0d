// results.h: what a run of the explorer has found, to be written, read and joined.
//
// Floor 4, hosted.  Tested in tests/explore/test_results.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <istream>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "pmemcheck/explore/checks/verdict.h"
#include "pmemcheck/explore/states/engine.h"

namespace pmemcheck::explore {

// An image that failed the check, identified by the first state that has it.
struct Failure {
  std::uint64_t point = 0;
  // Part and version, for each part that is not in version 0.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> choice;
  ContentHash hash;
  Verdict verdict;

  // RETURNS: whether these parts have the state; false if it comes from another recording.
  bool is_of(const std::vector<const Part*>& all_parts) const;
  // RETURNS: the state as a choice.  REQUIRES: the point has `parts` parts.
  Choice full_choice(std::size_t parts) const;
};

struct Tally {
  // The same for every share, because each lists all states:
  std::uint64_t points = 0;
  std::uint64_t repeated_points = 0;   // skipped because of --unique-stacks
  std::uint64_t by_strength[4] = {};   // points, by Strength
  std::uint64_t lines = 0, parts = 0;  // summed over the points
  std::uint64_t incomplete_parts = 0;  // with more than --max-versions
  double possible = 0;                 // states, summed over the points; not NaN
  std::uint64_t listed = 0;            // states that the engines chose
  // Of one share:
  std::uint64_t checked = 0;        // images
  std::uint64_t equal = 0;          // states whose image had been checked already
  std::uint64_t left_children = 0;  // checks that left processes behind

  void add_share(const Tally& other);
};

struct Results {
  std::string trace;  // its path
  std::uint64_t trace_bytes = 0;
  std::vector<std::string> words;  // the command line
  std::uint64_t share = 1, shares = 1;
  std::vector<std::uint64_t> done;  // by worker: how many states it had listed when it ended
  bool is_whole = true;             // whether all of the share was checked
  Tally tally;
  std::vector<Failure> failures;  // in order of points

  // Adds another share, or another worker's part of this one.
  // REQUIRES: `other` belongs to the same exploration, and is not this.
  void join(const Results& other);
};

// REQUIRES: the tally is no NaN.
void write_results(std::ostream& out, const Results& results);
// Throws UserError, which names `path`, if write_results() did not write it.
Results read_results(std::istream& in, const std::string& path);

}  // namespace pmemcheck::explore
