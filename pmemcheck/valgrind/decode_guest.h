// decode_guest.h: the door between the guest's bytes and VEX's decoder.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace pmemcheck {

// RETURNS: whether the linker put our wrapper before VEX's decoder: whether any instruction has
// come through it.  If none has, the tool was linked wrongly and sees no flush.
bool decoder_is_wrapped();

}  // namespace pmemcheck
