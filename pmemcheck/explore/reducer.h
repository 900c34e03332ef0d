// reducer.h: explains why a state fails: the fewest lines that must be kept, and the fewest that
// must be lost, for the check to fail.
//
// A failing state lies between two others: one loses everything that may be lost, the other keeps
// all of it.  The reducer first looks for the fewest parts which, kept alone, still fail; then,
// with these kept, for the fewest that must be lost.  Whatever remains plays no role.  Every step
// runs the checker, so each state that a report shows was seen to fail.
//
// Floor 4, hosted.  Tested in tests/explore/test_reducer.cpp and regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pmemcheck/explore/explorer.h"

namespace pmemcheck::explore {

// A store that must be kept, or lost, for the check to fail: what one cache line holds of it.
struct DecisiveStore {
  std::string file;               // its path, or the name of the memory
  std::uint64_t offset = 0;       // of the first byte in the file
  std::uint64_t bytes = 0;        // up to the last one
  StackId stack = StackId::None;  // of the last store that was kept, or the first that was lost
  ThreadNo thread = ThreadNo::None;
  std::uint64_t store = 0;       // its number in the run
  std::uint64_t flushed_at = 0;  // Atom::flushed_at: it was flushed, but not fenced
  bool is_non_temporal = false;
  std::vector<std::string> names;  // of the ranges that it touches, by the program or by --name
};

// Why a state fails.
struct Cause {
  std::vector<DecisiveStore> kept, lost;
  Barrier barrier;  // that the run had not reached
  Verdict verdict;
  std::string output;  // the end of what the checker printed
  std::uint64_t point = 0;
  std::string id;             // of the reduced state
  Choice choice;              // of the reduced state
  std::uint64_t states = 1;   // how many fail because of it
  std::uint64_t assumed = 0;  // those of `states` that were not reduced but have the same stacks
};

// RETURNS: whether two causes are the same: the same stacks are kept and lost.
bool same_cause(const Cause& a, const Cause& b);

struct Reduced {
  Choice choice;
  std::vector<std::size_t> kept, lost;  // the parts that matter, in order
};

// RETURNS: `choice`, reduced to the fewest parts with which it still fails.  Assumes that it fails.
// `latest` is the choice that keeps everything; fails(choice) runs the checker.
// REQUIRES: both choices have the same number of parts.
Reduced reduce(const Choice& choice, const Choice& latest,
               const std::function<bool(const Choice&)>& fails);

// RETURNS: the causes of these failures; after an interrupt, those found so far.  Runs the checker
// on an image of its own in `directory`.
// REQUIRES: the failures are of this recording and scope, sorted by point; `directory` exists and
// is empty; prepare_to_check() was called.
std::vector<Cause> find_causes(const Recording& recording, const Survey& survey,
                               const Arguments& arguments, const std::string& directory,
                               const std::vector<Failure>& failures);

}  // namespace pmemcheck::explore
