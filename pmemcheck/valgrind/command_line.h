// command_line.h: the options of this run.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/config/options.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::command_line {

// Gives all options their defaults.  Call once, before any other function here.
void start();

// RETURNS: the options, which are final once Valgrind has read the command line.
const Options& options();

// For VG_(needs_command_line_options).
Bool process(const HChar* argument);
void print_usage();
void print_debug_usage();

}  // namespace pmemcheck::command_line
