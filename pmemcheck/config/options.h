// options.h: what the user asked for on the command line.
//
// Floor 1.  Tested in tests/config/test_options.cpp.  The list is pmemcheck/tables/options.def.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/base/sink.h"

namespace pmemcheck {

struct Options {
#define PM_OPTION_BOOL(field, name, initial, help) bool field = initial;
#include "pmemcheck/tables/options.def"
#undef PM_OPTION_BOOL
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
