// process.h: checkers as processes: the time that they have, and what they leave behind.
//
// Floor 4, hosted.  Tested with checkers that hang and fork, in regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>

#include <sys/types.h>

#include "pmemcheck/explore/checks/checker.h"

namespace pmemcheck::explore {

using Clock = std::chrono::steady_clock;

// Makes this process the parent of what checkers leave behind, and its waiting end in time.
// Call once, before the first checker is made, in a process that has no other children.
void prepare_to_check(std::chrono::milliseconds timeout);

// How long a check may take, as prepare_to_check() was told.
std::chrono::milliseconds time_limit();

// Calls the function in this process.  REQUIRES: catch_faults() was called.
// RETURNS: what it returned, that it took too long, or the signal that it would have died of.
Verdict call_in_time(int (*function)(const char*), const char* argument);
void catch_faults();

// RETURNS: the exit status for what a function returned: it has 8 bits, and 0 is good.
int status_of(int result);

// Waits for the leader of a process group, kills the rest of it, and reaps all that it left.
// After time_limit() the leader is killed; in a process without the timer, whenever it ends.
// Throws std::system_error.
Verdict wait_for(pid_t leader);

// Kills the children of a process.  REQUIRES: it reaps none meanwhile.
void kill_children_of(pid_t parent);

// RETURNS: whether this process had any child left.  It has none any more.
bool reap_what_is_left();

}  // namespace pmemcheck::explore
