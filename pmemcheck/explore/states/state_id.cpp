// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/state_id.h"

#include <sstream>

#include "pmemcheck/base/check.h"

namespace pmemcheck::explore {

std::string state_name(const StateId& id) {
  std::string name = "p" + std::to_string(id.point);
  for (const auto& [part, version] : id.changed)
    name += "-" + std::to_string(part) + "." + std::to_string(version);
  return name;
}

std::optional<StateId> read_state_id(const std::string& name) {
  std::istringstream in(name);
  StateId id;
  char p = 0, dash = 0, dot = 0;
  if (!(in >> p >> id.point) || p != 'p') return std::nullopt;
  while (in >> dash) {
    auto& [part, version] = id.changed.emplace_back();
    if (!(in >> part >> dot >> version) || dash != '-' || dot != '.') return std::nullopt;
  }
  // Each state has exactly one name: p07 is not a name.
  return state_name(id) == name ? std::optional(id) : std::nullopt;
}

StateId id_of(std::uint64_t point, const Choice& choice, const Choice& latest) {
  PM_CHECK(choice.size() == latest.size());
  StateId id{point, {}};
  for (std::uint32_t part = 0; part < choice.size(); part++)
    if (choice[part] != latest[part]) id.changed.emplace_back(part, choice[part]);
  return id;
}

std::optional<Choice> choice_of(const StateId& id, const std::vector<const Part*>& parts) {
  Choice choice = latest_choice(parts);
  for (const auto& [part, version] : id.changed) {
    if (part >= parts.size() || version >= parts[part]->levels()) return std::nullopt;
    choice[part] = version;
  }
  return choice;
}

}  // namespace pmemcheck::explore
