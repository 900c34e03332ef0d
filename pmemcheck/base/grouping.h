// grouping.h: whether findings are reported in groups; shared by the command line and the report.
//
// Floor 0.  Tested in tests/base/test_grouping.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace pmemcheck {

// Whether findings that differ only in their bytes are reported once, as a group.
enum class Grouping : std::uint8_t {
  no,
  yes,
  automatic,  // only findings of a kind that has more than kMany of them
};

inline constexpr std::size_t kMany = 25'000;  // more than anyone reads one by one

// RETURNS: whether the findings of a kind are reported in groups if there are `count` of them.
constexpr bool is_grouped(std::size_t count, Grouping grouping) {
  return grouping == Grouping::yes || (grouping == Grouping::automatic && count > kMany);
}

}  // namespace pmemcheck
