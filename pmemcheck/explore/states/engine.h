// engine.h: chooses which of the states that a failure point may leave are explored.
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
  Exhaustive,  // every state if there are few enough, else Pairs
  Pairs,       // every combination of versions of every two parts
  Triples,     // of every three parts
  Random,
  // pmreorder's engines by its names, restricted to orders that hardware can leave:
  NoReorderNoCheck,            // no state
  NoReorderDoCheck,            // the state that keeps everything
  ReorderFull,                 // as Exhaustive
  ReorderPartial,              // as Random
  ReorderAccumulative,         // keeps the first stores, one more each time
  ReorderReverseAccumulative,  // keeps the last stores, one more each time
};
// RETURNS: the engine of this name, as users type it.
std::optional<Engine> engine_of(std::string_view name);
std::string_view engine_name(Engine engine);

// A state of a failure point: the number of a version for each part, in order.
using Choice = std::vector<std::uint32_t>;

// RETURNS: whether the choice has a version of each of these parts.
bool is_choice_of(const Choice& choice, const std::vector<const Part*>& parts);

// RETURNS: the choice that keeps everything.
Choice latest_choice(const std::vector<const Part*>& parts);

// How much of a failure point was explored.
enum class Strength : std::uint8_t { Some, Pairs, Triples, All };

struct EngineLimits {
  std::uint64_t max_states = 1000;   // a point with more is not explored exhaustively; 1 or more
  std::uint64_t random_states = 32;  // that follow the pairs or triples of such a point
  std::uint64_t seed = 1;
};

class Choices {
 public:
  // REQUIRES: limits.max_states >= 1.
  explicit Choices(EngineLimits limits);

  // Calls visit(choice) for each choice that the engine makes, until it returns false.  The same
  // parts give the same choices in the same order.  Random ones also depend on `point`, the point's
  // number.
  // RETURNS: how much of the point these choices cover.
  // REQUIRES: every part has a version.
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

// RETURNS: the number of states of these parts; infinity if a double cannot hold it.
double possible_choices(const std::vector<const Part*>& parts);

}  // namespace pmemcheck::explore
