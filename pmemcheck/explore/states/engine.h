// engine.h: which of the images that a failure point may leave are looked at.
//
// Floor 4, hosted.  Tested in tests/explore/states/test_engine.cpp and test_point.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "pmemcheck/explore/states/covering_array.h"
#include "pmemcheck/explore/states/part.h"

namespace pmemcheck::explore {

enum class Engine {
  Exhaustive,  // all, where they are not too many; else pairs
  Pairs,       // every combination of every two parts
  Triples,     // of every three
  Random,
  // pmreorder's, by its names; of its orders, those that hardware can leave:
  NoReorderNoCheck,            // none
  NoReorderDoCheck,            // everything kept
  ReorderFull,                 // as Exhaustive
  ReorderPartial,              // as Random
  ReorderAccumulative,         // the first stores, one more each time
  ReorderReverseAccumulative,  // the last stores, one more each time
};
// RETURNS: the engine of this name, as people type it.
std::optional<Engine> engine_of(std::string_view name);
std::string_view name_of(Engine engine);

// For each part of a failure point the number of its version.
using Choice = std::vector<std::uint32_t>;

// How much of a failure point was looked at.
enum class Strength : std::uint8_t { Some, Pairs, Triples, All };

struct EngineLimits {
  std::uint64_t max_states = 1000;   // for each point: more are not listed exhaustively
  std::uint64_t random_states = 32;  // for each point that is not looked at exhaustively, besides
  std::uint64_t seed = 1;
};

class Choices {
 public:
  explicit Choices(EngineLimits limits) : limits_(limits) {}

  // Calls visit(choice) for each choice that the engine makes of the parts, until it returns false.
  // The same parts give the same choices in the same order.  `point` is the point's number: random
  // choices differ from point to point.
  // RETURNS: how much of the point that is.
  Strength for_each(Engine engine, const std::vector<const Part*>& parts, std::uint64_t point,
                    const std::function<bool(const Choice&)>& visit);

 private:
  using Visit = std::function<bool(const Choice&)>;
  using Parts = std::vector<const Part*>;

  Strength all(const Parts& parts, const Visit& visit);
  Strength covering(const Parts& parts, unsigned strength, std::uint64_t point, const Visit& visit);
  Strength random(const Parts& parts, std::uint64_t count, std::uint64_t point, const Visit& visit);
  Strength accumulate(const Parts& parts, const Visit& visit);
  Strength accumulate_backwards(const Parts& parts, const Visit& visit);
  const CoveringArray& array_for(const Parts& parts, unsigned strength);

  EngineLimits limits_;
  std::map<std::pair<unsigned, std::vector<std::uint32_t>>, CoveringArray> arrays_;
};

// RETURNS: how many choices there are; infinite where a double has no room for it.
double possible_choices(const std::vector<const Part*>& parts);

}  // namespace pmemcheck::explore
