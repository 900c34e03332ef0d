// syscall_names.h: system calls by number.
//
// Floor 4.  The list is made when the tool is built, of the kernel's header.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// RETURNS: the call's name, or null for one that was new when the tool was built.
const HChar* name_of_system_call(UInt number);

}  // namespace pmemcheck
