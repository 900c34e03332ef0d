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

// Which points are looked at, and how.
struct Scope {
  std::string from_marker = {};  // from the first record of this text on; empty: from the beginning
  std::string to_marker = {};    // to the first one after that
  std::string only_file = {};  // a pattern of paths: other files hold what the run saw; empty: all
  std::uint32_t only_thread = 0;  // barriers of this thread alone; 0: of all
  bool unique_stacks = false;     // points with the same stack and the same shape once
  Engine engine = Engine::Exhaustive;
  std::map<std::string, Engine> marker_engines = {};  // between the markers NAME.BEGIN and NAME.END
  std::size_t max_versions = 64;
};

struct Point {
  std::uint64_t number = 0;  // from 1
  Barrier barrier;
  Engine engine = Engine::Exhaustive;
  std::vector<const Part*> parts;  // that have a choice; in order of files and lines
  // Parts that have none, as they are not looked at: they hold their latest version.
  std::vector<const Part*> fixed;
  ContentHash hash;  // where every part's version is 0 and the fixed ones are at their latest
};

// RETURNS: the contents that a choice makes.
ContentHash hash_of(const Point& point, const Choice& choice);

// Tells a recording from beginning to end, and stops at its failure points.
class Points {
 public:
  Points(const Recording& recording, const Survey& survey, const Scope& scope)
      : recording_(recording), scope_(scope), history_(survey, scope.max_versions) {}

  // Calls visit(point) for each, until it returns false.  Call once.
  void for_each(const std::function<bool(const Point&)>& visit);
  History& history() { return history_; }
  // How many were passed over as another with the same stack and shape was looked at.
  std::uint64_t repeated() const { return repeated_; }

 private:
  void marker(std::string_view text);
  bool is_wanted(const Barrier& barrier) const;
  bool fill(Point& point);

  const Recording& recording_;
  const Scope& scope_;
  History history_;
  std::uint64_t number_ = 0, repeated_ = 0;
  bool has_begun_ = false, has_ended_ = false;
  std::vector<Engine> engines_;  // of the markers that have begun and not ended
  std::vector<std::string> open_markers_;
  std::set<std::vector<std::uint64_t>> shapes_;
};

}  // namespace pmemcheck::explore
