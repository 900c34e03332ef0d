// errors.h: findings as Valgrind's errors: suppressed, counted for --error-exitcode, printed.
//
// The core records an error with the thread's present stack, and prints only the first of similar
// errors.  The stack of a finding is often an old one, so we pass each finding to VG_(unique_error)
// with its own stack, and group similar ones ourselves (see pmemcheck/report/group.h).
//
// Floor 4.  Tested in regtest/cases/errors.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/report/group.h"
#include "pmemcheck/rules/finding.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::errors {

// Registers with the core's error manager, and adds our suppressions to those that the core will
// read.  Call before the command line is read.
void announce();
// Call after the command line has been read and before suppressions are.
void start();

// Whether a finding counts for --error-exitcode, and as suppressed.
enum class Counted { No, Yes };
// RETURNS: whether a suppression matches the finding.
bool is_suppressed(const Finding& finding, Counted counted);

enum class Debugger { MayAttach, StaysAway };
// Prints a group as text or XML, and then a suppression for it if the user wants one.
// REQUIRES: the findings of the group are not suppressed.
void print_group(const Group& group, Debugger debugger);

// RETURNS: whether the user wants suppressions for the findings (--gen-suppressions).
bool wants_suppressions();
// RETURNS: how many different findings to report while the program runs.
std::size_t max_reported_now();
// Keeps the core from printing its own sum of errors after ours.
void silence_sum();

}  // namespace pmemcheck::errors
