// random.h: pseudo-random numbers that are the same on every machine.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace pmemcheck::test {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 2 + 1) {}
  // RETURNS: a number 0 .. end - 1.
  std::uint64_t below(std::uint64_t end) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return (state_ >> 33) % end;
  }

 private:
  std::uint64_t state_;
};

}  // namespace pmemcheck::test
