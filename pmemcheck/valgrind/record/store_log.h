// store_log.h: writes the text log of --log-stores into Valgrind's log.
//
// Floor 4.  Without --log-stores every function but start() does nothing.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/types.h"
#include "pmemcheck/log/text_log.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::store_log {

// Begins the log if the options ask for one.  Call when they are final.
void start();
// Ends the log.  Does nothing if it has ended already.
void stop();
// Begins the log again after stop().
void go_on();

// RETURNS: the log to write to; null if there is none or it has ended.
TextLog* log();

// Logs a store to `range`, made at `stack`, with the value that is there now.
void store(GuestRange range, StackId stack);

// Writes out what is buffered and ends the line; the log continues on another line.  Call before
// other output to the same destination, and before a fork.
void pause();

}  // namespace pmemcheck::store_log
