// reducer.h: why a state fails: the fewest lines that must be kept, and lost, for it.
//
// A failing state is compared with two others: where nothing that may be lost is kept, and where
// all of it is.  First the fewest parts are looked for which, kept alone, still fail; then, with
// these kept, the fewest which must be lost.  What is left over plays no role.  Every step runs the
// checker: what is said has been seen to fail.
//
// Floor 4, hosted.  Tested in tests/explore/test_reducer.cpp and regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pmemcheck/explore/explorer.h"

namespace pmemcheck::explore {

// Stores to one place of a file that were kept, or lost.
struct Telling {
  std::string file;               // its path, or what the memory is called
  std::uint64_t offset = 0;       // of the first byte that differs
  std::uint64_t bytes = 0;        // up to the last one
  StackId stack = StackId::None;  // of the last store that was kept, or the first that was lost
  ThreadNo thread = ThreadNo::None;
  std::uint64_t store = 0;       // its number in the run
  std::uint64_t flushed_at = 0;  // as in Atom: it was flushed, but not fenced
  bool is_non_temporal = false;
  std::vector<std::string> names;  // of ranges that they touch, by the program or by --name
};

// Why a state fails.
struct Cause {
  std::vector<Telling> kept, lost;
  Barrier barrier;  // that had not been reached
  Verdict verdict;
  std::string output;  // the end of what the checker printed
  std::uint64_t point = 0;
  std::string id;             // of the reduced state
  Choice choice;              // so too
  std::uint64_t states = 1;   // that fail by it
  std::uint64_t assumed = 0;  // of them, by their stacks and without having been reduced
};

// RETURNS: whether two causes are the same: the same stacks, kept and lost.
bool same_cause(const Cause& a, const Cause& b);

// RETURNS: the smallest part of `choice` that fails still.  `latest` are the versions that keep
// everything.  `fails` runs the checker.
struct Reduced {
  Choice choice;
  std::vector<std::size_t> kept, lost;  // the parts that matter
};
Reduced reduce(const Choice& choice, const Choice& latest,
               const std::function<bool(const Choice&)>& fails);

// RETURNS: the causes of these failures; after an interrupt those that were found so far.  Runs the
// checker on an image of its own in `directory`.
std::vector<Cause> find_causes(const Recording& recording, const Survey& survey,
                               const Arguments& arguments, const std::string& directory,
                               const std::vector<Failure>& failures);

}  // namespace pmemcheck::explore
