// options.h: what the user asked for on the command line.
//
// Floor 1.  Tested in tests/config/test_options.cpp.  The list is pmemcheck/tables/options.def.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "pmemcheck/base/sink.h"

namespace pmemcheck {

// Stands in options.def for "no upper end".
inline constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

struct Options {
#define PM_OPTION_BOOL(field, name, initial, help) bool field = initial;
#define PM_OPTION_INT(field, name, initial, min, max, help) std::uint64_t field = initial;
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
#undef PM_OPTION_INT
};

enum class OptionResult {
  Accepted,
  Unknown,   // no option of ours
  BadValue,  // an option of ours, with a value that it cannot have
};

// Reads one argument, `--name=value`, into `options`.  If it is not accepted, says why in one line
// (argument, what was wanted, no end of line) on `complaint`, and leaves `options` as they are.
OptionResult parse_option(std::string_view argument, Options& options, Sink complaint);

// Writes a line or two for each option: name, values, what it does, its default.
void write_option_help(Sink sink);

}  // namespace pmemcheck
