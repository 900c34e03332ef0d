// instrument.h: what is added to the guest's code.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/translate/ir.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// For VG_(basic_tool_funcs).
IRSB* instrument(VgCallbackClosure* closure, IRSB* in, const VexGuestLayout* layout,
                 const VexGuestExtents* extents, const VexArchInfo* arch_info, IRType guest_word,
                 IRType host_word);

// There is persistent memory from now on, of which the program is told when the system call or the
// client request returns: the code that it goes on with tells of its stores.
void watch_stores();
// The program handles faults from now on, and may go on behind one: in the code that it goes on
// with no store waits for others.  REQUIRES: as above.
void tell_stores_one_by_one();

// Writes the call that a fence at `ip` makes.  What a lock does on the way is not what a store
// waits for: see Barriers.
enum class FenceBy { Instruction, Lock };
void watch_fence(IrWriter& ir, Addr ip, FenceBy by);

}  // namespace pmemcheck
