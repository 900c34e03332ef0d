// grouping.h: the choice about findings that the command line and the report share.
//
// Floor 0.  Tested in tests/base/test_grouping.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace pmemcheck {

// Whether findings that say the same of different bytes are told once.
enum class Grouping : std::uint8_t {
  no,
  yes,
  automatic,  // those of a kind that has more than kMany
};

inline constexpr std::size_t kMany = 25'000;  // more than anyone reads one by one

// RETURNS: whether `count` findings of one kind are told in groups.
constexpr bool is_grouped(std::size_t count, Grouping grouping) {
  return grouping == Grouping::yes || (grouping == Grouping::automatic && count > kMany);
}

}  // namespace pmemcheck
