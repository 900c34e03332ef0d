// state_id.h: the name of a state: enough to make its image again.
//
//   p7          failure point 7, everything kept
//   p7-3.0-5.1  the same, but for part 3 in its version 0 and part 5 in its version 1
//
// Points and parts are counted in one way for a recording and a scope (point.h).
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
  std::vector<std::pair<std::uint32_t, std::uint32_t>> changed;  // part, version: not its latest
};

std::string words_for(const StateId& id);
// RETURNS: what the words name; nothing where they are no name.
std::optional<StateId> read_state_id(const std::string& words);

StateId id_of(std::uint64_t point, const Choice& choice, const Choice& latest);
// RETURNS: the choice; nothing where the parts are not such that there is one.
std::optional<Choice> choice_of(const StateId& id, const std::vector<const Part*>& parts);

}  // namespace pmemcheck::explore
