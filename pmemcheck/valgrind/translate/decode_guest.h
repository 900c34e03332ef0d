// decode_guest.h: decodes flushes, fences and non-temporal stores before VEX's decoder does.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// The decoder puts a mark before the statements of a non-temporal store, and `instrument` removes
// it.  A mark is a call of a function that does nothing.  Its argument says which bytes of the
// operand are stored: bit i for byte i; kAllBytes for a store without a mask.  Because the mark is
// a statement, it stays with the store whatever VEX does to the block.
inline constexpr ULong kAllBytes = ~ULong{0};
bool is_nt_mark(const IRDirty* dirty);

// RETURNS: whether any instruction has come through our wrapper of VEX's decoder.  If none has, the
// tool was linked without the wrapper and sees no flush.
bool decoder_is_wrapped();

}  // namespace pmemcheck
