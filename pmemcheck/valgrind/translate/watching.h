// watching.h: what generated code has to watch, and whether there is older code that does not.
//
// Until there is persistent memory the program's code stays as it is.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// There is persistent memory from now on.  Call while the program makes a system call or a client
// request: the code after it reports its stores.
void watch_stores();
// The program handles faults from now on, and may continue after one: in the code after the call,
// each store is reported before the next.  Call it like watch_stores().
void report_stores_singly();

// RETURNS: whether stores have to be watched.
bool are_stores_watched();
// RETURNS: whether each store has to be reported before the next one is made.
bool are_stores_reported_singly();

// Whether there may be code that was translated before one of these calls.  Generated code reads
// it.
extern constinit bool g_has_old_code;
// Generated code calls it just before it returns to the core, which discards all code.
void forget_old_code();

}  // namespace pmemcheck
