// errors.h: findings as errors of Valgrind's: suppressed, counted for --error-exitcode, told.
//
// The core records an error with the stack that the thread has, and tells the first of those that
// are alike.  A finding is about a stack of long ago as often as not, so each one goes to
// VG_(unique_error), with its own stack, and what is alike is known here.
//
// Floor 4.  Tested in regtest/cases/errors.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/report/group.h"
#include "pmemcheck/rules/finding.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::errors {

// Says what the tool has for the core's error manager, and adds our own suppressions to those that
// the core will read.  Call before the command line is read.
void announce();
// Call when the command line has been read and before suppressions are.
void start();

enum class Counted { No, Yes };  // for the exit code, and as suppressed
// RETURNS: whether the finding is suppressed.
bool is_suppressed(const Finding& finding, Counted counted);

enum class Debugger { MayAttach, StaysAway };
// Tells of findings that are not suppressed, as text or XML; then of a suppression for them, if the
// user wants that.
void tell(const Group& group, Debugger debugger);

// RETURNS: whether the user wants suppressions for what is found.
bool wants_suppressions();
// RETURNS: how many different findings are told while the program runs.
std::size_t most_told();
// The core's sum would follow ours: makes it silent about that.
void silence_sum();

}  // namespace pmemcheck::errors
