// watching.h: what generated code has to watch, and whether code from before does not.
//
// Until there is persistent memory the program's code stays as it is.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// There is persistent memory from now on.  Call while the program makes a system call or a client
// request: the code that it goes on with reports its stores.
void watch_stores();
// The program handles faults from now on, and may go on behind one: in the code that it goes on
// with, no store waits to be reported with others.  Call as above.
void report_stores_singly();

// RETURNS: whether stores have to be watched.
bool are_stores_watched();
// RETURNS: whether each store has to be reported before the next one is made.
bool are_stores_reported_singly();

// 1 if the program may hold code that was translated for what no longer holds.  Generated code
// reads it.
extern constinit bool g_has_old_code;
// Generated code calls it just before it leaves for the core, which discards all code.
void old_code_goes();

}  // namespace pmemcheck
