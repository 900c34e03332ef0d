// covering_array.h: few choices that meet every combination of any two, or three, factors.
//
// A covering array of strength t has a column for each factor, and each t columns hold, somewhere
// in the rows, every combination of their values.  The number of rows grows with the logarithm of
// the number of columns.
//
// Columns are added one by one (Lei, Kacker, Kuhn, Okun, Lawrence, "IPOG: a general strategy for
// t-way software testing", 2007): each row gets the value that meets most, and rows are added for
// what is left.  Many columns are numbered in digits, and an array of one column for each digit's
// value serves for each place: any two numbers differ in a digit.
//
// Floor 4, hosted.  Tested in tests/explore/states/test_covering_array.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace pmemcheck::explore {

struct CoveringArray {
  std::vector<std::vector<std::uint32_t>> rows;  // a value, 0 .. levels - 1, for each factor
  unsigned strength = 0;  // that it has: less than was asked for where that would take too long
};

// REQUIRES: strength is 2 or 3; every level is at least 1.
CoveringArray covering_array(const std::vector<std::uint32_t>& levels, unsigned strength,
                             std::uint64_t seed);

}  // namespace pmemcheck::explore
