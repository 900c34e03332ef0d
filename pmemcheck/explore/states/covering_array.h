// covering_array.h: a few choices that cover every combination of any two, or three, factors.
//
// A covering array of strength t has a column for each factor, and any t columns hold, somewhere in
// the rows, every combination of their values.  The number of rows grows with the logarithm of the
// number of columns.
//
// Columns are added one by one (Lei, Kacker, Kuhn, Okun, Lawrence, "IPOG: a general strategy for
// t-way software testing", 2007): each row gets the value that covers most new combinations, and
// rows are added for combinations that are left.  For many columns, the columns are numbered and
// the numbers written with some base: an array with one column for each value of a digit covers,
// digit by digit, all pairs of columns, because any two numbers differ in a digit.
//
// Floor 4, hosted.  Tested in tests/explore/states/test_covering_array.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace pmemcheck::explore {

struct CoveringArray {
  std::vector<std::vector<std::uint32_t>> rows;  // a value, 0 .. levels - 1, for each factor
  unsigned strength = 0;  // 2 or 3; less than was asked for if that would take too long
};

// RETURNS: an array of columns with these numbers of values; the same one for the same arguments.
// REQUIRES: strength is 2 or 3; every level is at least 1.
CoveringArray covering_array(const std::vector<std::uint32_t>& levels, unsigned strength,
                             std::uint64_t seed);

}  // namespace pmemcheck::explore
