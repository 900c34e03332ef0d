// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/state_id.h"

#include <sstream>

namespace pmemcheck::explore {

std::string words_for(const StateId& id) {
  std::string words = "p" + std::to_string(id.point);
  for (const auto& [part, version] : id.changed)
    words += "-" + std::to_string(part) + "." + std::to_string(version);
  return words;
}

std::optional<StateId> read_state_id(const std::string& words) {
  std::istringstream in(words);
  StateId id;
  char p = 0, dash = 0, dot = 0;
  if (!(in >> p >> id.point) || p != 'p') return std::nullopt;
  while (in >> dash) {
    auto& [part, version] = id.changed.emplace_back();
    if (!(in >> part >> dot >> version) || dash != '-' || dot != '.') return std::nullopt;
  }
  // Numbers are written in one way alone.
  return words_for(id) == words ? std::optional(id) : std::nullopt;
}

StateId id_of(std::uint64_t point, const Choice& choice, const Choice& latest) {
  StateId id{point, {}};
  for (std::uint32_t part = 0; part < choice.size(); part++)
    if (choice[part] != latest[part]) id.changed.emplace_back(part, choice[part]);
  return id;
}

std::optional<Choice> choice_of(const StateId& id, const std::vector<const Part*>& parts) {
  Choice choice;
  for (const Part* part : parts) choice.push_back(part->latest);
  for (const auto& [part, version] : id.changed) {
    if (part >= parts.size() || version >= parts[part]->levels()) return std::nullopt;
    choice[part] = version;
  }
  return choice;
}

}  // namespace pmemcheck::explore
