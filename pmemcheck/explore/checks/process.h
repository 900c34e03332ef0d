// process.h: runs checkers as processes: limits their time, and kills what they leave behind.
//
// Floor 4, hosted.  Tested with checkers that hang and fork, in regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>

#include <sys/types.h>

#include "pmemcheck/explore/checks/verdict.h"

namespace pmemcheck::explore {

using Clock = std::chrono::steady_clock;

// Makes this process the parent of orphans of checkers, and starts a timer that ends its waits.
// REQUIRES: the timeout is positive; no checker was made yet; this process has no other children.
void prepare_to_check(std::chrono::milliseconds timeout);

// RETURNS: how long a check may take.  REQUIRES: prepare_to_check() was called.
std::chrono::milliseconds time_limit();

// Makes faults of call_in_time()'s function end the call instead of this process.
void catch_faults();
// Calls the function in this process.
// RETURNS: the verdict: by the function's result, or a timeout, or the signal that would have
// killed this process.
// REQUIRES: prepare_to_check() and catch_faults() were called; no other call is under way.
Verdict call_in_time(int (*function)(const char*), const char* argument);

// RETURNS: the exit status for the result of a function: the low 8 bits, but 0 only for 0.
int status_of(int result);

// Waits for the leader of a process group, kills the rest of the group, and reaps all processes
// that the leader left.  Kills the leader after time_limit(), except in a process without the
// timer: there it waits until the leader ends.
// Throws std::system_error.
// REQUIRES: `leader` is a child of this process; prepare_to_check() was called here, or in the
// parent of this process before it was forked.
Verdict wait_for(pid_t leader);

// Kills the children of a process.  REQUIRES: `parent` reaps no child meanwhile.
void kill_children_of(pid_t parent);

// Kills and reaps all children of this process.  RETURNS: whether there were any.
bool reap_what_is_left();

}  // namespace pmemcheck::explore
