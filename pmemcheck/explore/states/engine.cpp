// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/engine.h"

#include <algorithm>
#include <random>
#include <set>

#include "pmemcheck/base/check.h"

namespace pmemcheck::explore {

namespace {

struct Name {
  Engine engine;
  std::string_view name;
};
constexpr Name kNames[] = {
    {Engine::Exhaustive, "exhaustive"},
    {Engine::Pairs, "pairs"},
    {Engine::Triples, "triples"},
    {Engine::Random, "random"},
    {Engine::NoReorderNoCheck, "NoReorderNoCheck"},
    {Engine::NoReorderDoCheck, "NoReorderDoCheck"},
    {Engine::ReorderFull, "ReorderFull"},
    {Engine::ReorderPartial, "ReorderPartial"},
    {Engine::ReorderAccumulative, "ReorderAccumulative"},
    {Engine::ReorderReverseAccumulative, "ReorderReverseAccumulative"},
};

// RETURNS: the numbers of the stores of these parts, in order.
std::vector<std::uint64_t> stores_of(const std::vector<const Part*>& parts) {
  std::set<std::uint64_t> numbers;
  for (const Part* part : parts)
    for (const Atom& atom : part->atoms) numbers.insert(atom.number);
  return {numbers.begin(), numbers.end()};
}

}  // namespace

std::optional<Engine> engine_of(std::string_view name) {
  for (const Name& known : kNames)
    if (known.name == name) return known.engine;
  return std::nullopt;
}

std::string_view engine_name(Engine engine) {
  for (const Name& known : kNames)
    if (known.engine == engine) return known.name;
  return "";
}

bool is_choice_of(const Choice& choice, const std::vector<const Part*>& parts) {
  return std::equal(choice.begin(), choice.end(), parts.begin(), parts.end(),
                    [](std::uint32_t version, const Part* p) { return version < p->levels(); });
}

Choice latest_choice(const std::vector<const Part*>& parts) {
  Choice latest;
  for (const Part* part : parts) latest.push_back(part->latest);
  return latest;
}

double possible_choices(const std::vector<const Part*>& parts) {
  double product = 1;
  for (const Part* part : parts) product *= part->levels();
  return product;
}

Choices::Choices(EngineLimits limits) : limits_(limits) {
  PM_CHECK(limits.max_states >= 1);
}

Strength Choices::for_each(Engine engine, const Parts& parts, std::uint64_t point,
                           const Visit& visit) {
  PM_CHECK(is_choice_of(Choice(parts.size(), 0), parts));
  const bool is_small = possible_choices(parts) <= static_cast<double>(limits_.max_states);
  switch (engine) {
  case Engine::Exhaustive:
  case Engine::ReorderFull: return is_small ? all(parts, visit) : covering(parts, 2, point, visit);
  // Two parts, or three, need every combination: no array would be smaller.
  case Engine::Pairs:
    return is_small && parts.size() <= 2 ? all(parts, visit) : covering(parts, 2, point, visit);
  case Engine::Triples:
    return is_small && parts.size() <= 3 ? all(parts, visit) : covering(parts, 3, point, visit);
  case Engine::Random:
  case Engine::ReorderPartial:
    return is_small ? all(parts, visit) : random(parts, limits_.max_states, point, visit);
  case Engine::NoReorderNoCheck: return Strength::Some;
  case Engine::NoReorderDoCheck:
    visit(latest_choice(parts));
    return parts.empty() ? Strength::All : Strength::Some;
  case Engine::ReorderAccumulative: return accumulate(parts, visit);
  case Engine::ReorderReverseAccumulative: return accumulate_backwards(parts, visit);
  }
  return Strength::Some;
}

// Lists all choices, like a counter whose fastest digit is the version of the first part.
Strength Choices::all(const Parts& parts, const Visit& visit) {
  Choice choice(parts.size(), 0);
  while (visit(choice)) {
    std::size_t i = 0;
    while (i < parts.size() && ++choice[i] == parts[i]->levels()) choice[i++] = 0;
    if (i == parts.size()) break;
  }
  return Strength::All;
}

Strength Choices::covering(const Parts& parts, unsigned strength, std::uint64_t point,
                           const Visit& visit) {
  const CoveringArray& array = array_for(parts, strength);
  // The states that keep nothing and everything are always explored, even if the array lacks them.
  if (!visit(Choice(parts.size(), 0)) || !visit(latest_choice(parts))) return Strength::Some;
  for (const Choice& row : array.rows)
    if (!visit(row)) return Strength::Some;
  random(parts, limits_.random_states, point, visit);
  return array.strength == 3 ? Strength::Triples : Strength::Pairs;
}

const CoveringArray& Choices::array_for(const Parts& parts, unsigned strength) {
  std::vector<std::uint32_t> levels;
  for (const Part* part : parts) levels.push_back(part->levels());
  constexpr std::size_t kMostArrays = 64;
  if (arrays_.size() > kMostArrays) arrays_.clear();
  const auto [entry, is_new] = arrays_.try_emplace({strength, levels});
  if (is_new) entry->second = covering_array(levels, strength, limits_.seed);
  return entry->second;
}

Strength Choices::random(const Parts& parts, std::uint64_t count, std::uint64_t point,
                         const Visit& visit) {
  std::mt19937_64 random(limits_.seed * 0x9e3779b97f4a7c15u + point);
  Choice choice(parts.size());
  for (std::uint64_t i = 0; i < count; i++) {
    for (std::size_t p = 0; p < parts.size(); p++)
      choice[p] = static_cast<std::uint32_t>(random() % parts[p]->levels());
    if (!visit(choice)) break;
  }
  return Strength::Some;
}

Strength Choices::accumulate(const Parts& parts, const Visit& visit) {
  std::vector<std::uint64_t> last = stores_of(parts);
  last.insert(last.begin(), 0);  // none
  for (const std::uint64_t number : last) {
    Choice choice;
    for (const Part* part : parts)
      if (const auto version = part->version_up_to(number)) choice.push_back(*version);
    // The state is skipped if one of its versions was left out.
    if (choice.size() == parts.size() && !visit(choice)) break;
  }
  return Strength::Some;
}

// A part with several stores cannot keep only the last ones: such states are skipped.
Strength Choices::accumulate_backwards(const Parts& parts, const Visit& visit) {
  std::vector<std::uint64_t> first = stores_of(parts);
  first.push_back(~std::uint64_t{0});  // none
  std::reverse(first.begin(), first.end());
  for (const std::uint64_t number : first) {
    Choice choice;
    for (const Part* part : parts) {
      const auto is_kept = [&](const Atom& atom) { return atom.number >= number; };
      const auto kept = std::count_if(part->atoms.begin(), part->atoms.end(), is_kept);
      if (kept == 0) choice.push_back(0);
      if (kept == static_cast<std::ptrdiff_t>(part->atoms.size())) choice.push_back(part->latest);
    }
    if (choice.size() == parts.size() && !visit(choice)) break;
  }
  return Strength::Some;
}

}  // namespace pmemcheck::explore
