// instrument.h: adds our code to each superblock of the guest.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// For VG_(basic_tool_funcs).
IRSB* instrument(VgCallbackClosure* closure, IRSB* in, const VexGuestLayout* layout,
                 const VexGuestExtents* extents, const VexArchInfo* arch_info, IRType guest_word,
                 IRType host_word);

}  // namespace pmemcheck
