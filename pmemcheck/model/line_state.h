// line_state.h: durability of one 64-byte cache line, byte by byte.
//
//            store                 flush                   fence
//   CLEAN ----------> DIRTY ------------------> PENDING ----------> CLEAN
//                       ^                          |
//                       +--------- store ----------+
//
// A crash may keep or lose any DIRTY or PENDING byte.  Which thread's fence ends PENDING is not
// here: see pending.h.  Why the machine behaves so: see machine.h.
//
// Floor 1.  Tested in tests/model/test_line_state.cpp.
// INVARIANT: dirty_ & pending_ == 0.  All-zero is a valid, clean line.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/types.h"

namespace pmemcheck {

// The state of a byte that is not durable.
enum class ByteState : std::uint8_t { Dirty, Pending };

class LineState {
 public:
  // These bytes become DIRTY, whatever they were.
  constexpr void store(ByteMask bytes) {
    dirty_ |= bytes;
    pending_ = pending_.without(bytes);
  }
  // Those of `bytes` that are DIRTY become PENDING.  RETURNS: them.
  constexpr ByteMask flush(ByteMask bytes) {
    const ByteMask useful = dirty_ & bytes;
    dirty_ = dirty_.without(useful);
    pending_ |= useful;
    return useful;
  }
  // Those of `bytes` that are PENDING become durable.  RETURNS: them.
  constexpr ByteMask fence(ByteMask bytes) {
    const ByteMask durable = pending_ & bytes;
    pending_ = pending_.without(durable);
    return durable;
  }
  // These bytes are durable, or of no interest any more.  RETURNS: those that were not CLEAN.
  constexpr ByteMask clean(ByteMask bytes) {
    const ByteMask were = outstanding() & bytes;
    dirty_ = dirty_.without(bytes);
    pending_ = pending_.without(bytes);
    return were;
  }
  constexpr ByteMask dirty() const { return dirty_; }
  constexpr ByteMask pending() const { return pending_; }
  // RETURNS: the bytes that a crash may lose.
  constexpr ByteMask outstanding() const { return dirty_ | pending_; }
  constexpr bool is_valid() const { return !(dirty_ & pending_).any(); }

 private:
  ByteMask dirty_;
  ByteMask pending_;
};
static_assert(sizeof(LineState) == 16, "two masks per line: the shadow is sized for this");

}  // namespace pmemcheck
