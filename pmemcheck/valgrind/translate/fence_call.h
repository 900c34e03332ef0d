// fence_call.h: the call that generated code makes for a fence.
//
// Floor 4.  Tested in regtest/cases/fence.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/events.h"
#include "pmemcheck/valgrind/translate/ir.h"

namespace pmemcheck {

// Writes the call for a fence at `ip`.
void write_fence_call(IrWriter& ir, Addr ip, events::FenceBy by);

}  // namespace pmemcheck
