// syscalls.h: what the kernel does to persistent memory on the program's behalf.
//
// Floor 4.  Tested in regtest/cases/syscall and regtest/cases/found.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/types.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::syscalls {

// Makes what is kept here.  Call once, when the options are final.
void start();
// Asks the core to be told of system calls, and of the memory that they write.
void track_events();

// RETURNS: the stack of `thread`, with the system call that it is making at the top.
StackId stack_of_call(ThreadId thread);

}  // namespace pmemcheck::syscalls
