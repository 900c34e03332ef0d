// point.h: a failure point: a moment of the run, and what a power failure then leaves.
//
// Floor 4, hosted.  Tested in tests/explore/states/test_point.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "pmemcheck/explore/input/recording.h"
#include "pmemcheck/explore/states/engine.h"
#include "pmemcheck/explore/states/history.h"

namespace pmemcheck::explore {

// Which points are explored, and how.
struct Scope {
  // Starts at the first marker with this text; empty: at the beginning of the run.
  std::string from_marker = {};
  // Ends at the first marker with this text after that; empty: at the end of the run.
  std::string to_marker = {};
  // A pattern of paths: the stores to other files are all kept.  Empty: all files are varied.
  std::string only_file = {};
  std::uint32_t only_thread = 0;  // only points before barriers of this thread; 0: of any
  // Skip points whose barrier and pending stores have the stacks of an earlier point.
  bool unique_stacks = false;
  Engine engine = Engine::Exhaustive;
  std::map<std::string, Engine> marker_engines = {};  // between the markers NAME.BEGIN and NAME.END
  std::size_t max_versions = 64;                      // 2 or more
};

struct Point {
  std::uint64_t number = 0;  // from 1
  Barrier barrier;           // just after the point
  Engine engine = Engine::Exhaustive;
  std::vector<const Part*> parts;  // that are varied; in order of files and lines
  std::vector<const Part*> fixed;  // that keep their latest version because of the scope
  ContentHash hash;  // of the state with version 0 of `parts`, and the latest one of `fixed`
};

// RETURNS: the hash of the image of a state.  REQUIRES: the choice is of the point's parts.
ContentHash hash_of(const Point& point, const Choice& choice);

// Replays a recording and stops at its failure points.
class Points {
 public:
  // REQUIRES: all three outlive this; the survey was made from the recording.
  Points(const Recording& recording, const Survey& survey, const Scope& scope)
      : recording_(recording), scope_(scope), history_(survey, scope.max_versions) {}

  // Calls visit(point) for each point of the scope, until it returns false.  A point's parts live
  // until visit() returns.  REQUIRES: called once.
  void for_each(const std::function<bool(const Point&)>& visit);
  // While visit() runs: the history up to the point.
  History& history() { return history_; }
  // RETURNS: how many points were skipped because of Scope::unique_stacks.
  std::uint64_t repeated() const { return repeated_; }

 private:
  void marker(std::string_view text);
  bool is_wanted(const Barrier& barrier) const;
  bool fill(Point& point);

  const Recording& recording_;
  const Scope& scope_;
  History history_;
  std::uint64_t number_ = 0, repeated_ = 0;
  bool was_called_ = false;
  bool has_begun_ = false, has_ended_ = false;  // the scope
  std::vector<Engine> engines_;                 // of the open markers, the innermost last
  std::vector<std::string> open_markers_;
  std::set<std::vector<std::uint64_t>> shapes_;
};

}  // namespace pmemcheck::explore
