// syscalls.h: follows what system calls do to persistent memory.
//
// Floor 4.  Tested in regtest/cases/syscall and regtest/cases/found.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::syscalls {

// Call once, when the options are final, before the program runs.
void start();
// Asks the core to report system calls, and the memory that they write.
void track_events();

}  // namespace pmemcheck::syscalls
