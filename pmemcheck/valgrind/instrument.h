// instrument.h: what is added to the guest's code.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/ir.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// For VG_(basic_tool_funcs).
IRSB* instrument(VgCallbackClosure* closure, IRSB* in, const VexGuestLayout* layout,
                 const VexGuestExtents* extents, const VexArchInfo* arch_info, IRType guest_word,
                 IRType host_word);

// The program handles faults from now on, and may go on behind one: in code that is translated
// after this no store waits for others.
void tell_stores_one_by_one();
// Call in a client request, the only moment at which the core lets a tool discard translations:
// code from before tell_stores_one_by_one() goes.
void discard_old_code();

// Writes the call that a fence at `ip` makes.  What a lock does on the way is not what a store
// waits for: see Barriers.
enum class FenceBy { Instruction, Lock };
void watch_fence(IrWriter& ir, Addr ip, FenceBy by);

}  // namespace pmemcheck
