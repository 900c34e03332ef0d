// store_log.h: the text log of --log-stores, into Valgrind's log.
//
// Floor 4.  Every function but start() does nothing where there is no log.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/types.h"
#include "pmemcheck/log/text_log.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::store_log {

// Begins the log if the options ask for one.  Call when they are final.
void start();
// Ends the log, if it has not ended.
void stop();
// Begins it again, after all.
void go_on();

// RETURNS: the log to write to, or null where there is none.
TextLog* log();

// `range` was stored to, at `stack`: logs what stands there now.
void store(GuestRange range, StackId stack);

// Something else is to be written where the log goes.
void pause();

}  // namespace pmemcheck::store_log
