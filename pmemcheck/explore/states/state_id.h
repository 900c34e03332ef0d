// state_id.h: the name of a state, from which its image can be made again.
//
//   p7          failure point 7 with everything kept
//   p7-3.0-5.1  same as p7, but with part 3 in its version 0 and part 5 in its version 1
//
// The numbers of points and parts depend on the recording and the scope alone (point.h).
//
// Floor 4, hosted.  Tested in tests/explore/states/test_state_id.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pmemcheck/explore/states/engine.h"

namespace pmemcheck::explore {

struct StateId {
  std::uint64_t point = 0;
  // Part and version, for each part that is not in its latest version.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> changed;
};

std::string state_name(const StateId& id);
// RETURNS: the state that has this name; nothing if no state can have it.
std::optional<StateId> read_state_id(const std::string& name);

// RETURNS: the state of `choice`; `latest` is the choice that keeps everything.
// REQUIRES: both have the same number of parts.
StateId id_of(std::uint64_t point, const Choice& choice, const Choice& latest);
// RETURNS: the choice of these parts; nothing if they do not have such versions.
std::optional<Choice> choice_of(const StateId& id, const std::vector<const Part*>& parts);

}  // namespace pmemcheck::explore
