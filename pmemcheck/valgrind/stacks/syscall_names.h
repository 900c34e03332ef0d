// syscall_names.h: the names of system calls.
//
// Floor 4.  The list is generated from the kernel's header when the tool is built.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// RETURNS: the name of the call, or null if the header that the tool was built with does not have
// it.
const HChar* name_of_system_call(UInt number);

}  // namespace pmemcheck
