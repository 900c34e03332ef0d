// decode_guest.h: the door between the guest's bytes and VEX's decoder.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// Before the statements of a non-temporal store the decoder leaves a mark, which `instrument` takes
// out again: a call, to nothing, whose one argument says which bytes of the operand are stored: bit
// i for byte i, kAllBytes where it is not for a mask to say.  A mark among the statements is sure
// to go where they go, whatever VEX makes of the block.
inline constexpr ULong kAllBytes = ~ULong{0};
bool is_nt_mark(const IRDirty* dirty);

// RETURNS: whether the linker put our wrapper before VEX's decoder: whether any instruction has
// come through it.  If none has, the tool was linked wrongly and sees no flush.
bool decoder_is_wrapped();

}  // namespace pmemcheck
