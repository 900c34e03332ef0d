// line_state.h: durability of one 64-byte cache line, byte by byte.
//
//            store                 flush                   fence
//   CLEAN ----------> DIRTY ------------------> PENDING ----------> CLEAN
//                       ^     non-temporal store --^ |
//                       +--------- store ------------+
//
// A crash may keep or lose any DIRTY or PENDING byte.  Which thread's fence ends PENDING is not
// here: see pending.h.  Why the machine behaves so: see machine.h.
//
// Floor 1.  Tested in tests/model/test_line_state.cpp.
// INVARIANT: dirty_ & pending_ == 0, and non_temporal_ is a part of pending_.  All-zero is a valid,
// clean line.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/types.h"

namespace pmemcheck {

// The state of a byte that is not durable.
enum class ByteState : std::uint8_t {
  Dirty,
  Pending,      // flushed
  NonTemporal,  // pending because it was stored so: nobody has flushed it
};

class LineState {
 public:
  // These bytes become DIRTY, whatever they were.
  constexpr void store(ByteMask bytes) {
    clean(bytes);
    dirty_ |= bytes;
  }
  // These bytes become PENDING without a flush, whatever they were.
  constexpr void store_non_temporal(ByteMask bytes) {
    clean(bytes);
    pending_ |= bytes;
    non_temporal_ |= bytes;
  }
  // Those of `bytes` that are DIRTY become PENDING.  RETURNS: them.
  constexpr ByteMask flush(ByteMask bytes) {
    const ByteMask useful = dirty_ & bytes;
    dirty_ = dirty_.without(useful);
    pending_ |= useful;
    non_temporal_ = non_temporal_.without(bytes);
    return useful;
  }
  // Those of `bytes` that are PENDING become durable.  RETURNS: them.
  constexpr ByteMask fence(ByteMask bytes) {
    const ByteMask durable = pending_ & bytes;
    pending_ = pending_.without(durable);
    non_temporal_ = non_temporal_.without(durable);
    return durable;
  }
  // These bytes are durable, or of no interest any more.  RETURNS: those that were not CLEAN.
  constexpr ByteMask clean(ByteMask bytes) {
    const ByteMask were = outstanding() & bytes;
    dirty_ = dirty_.without(bytes);
    pending_ = pending_.without(bytes);
    non_temporal_ = non_temporal_.without(bytes);
    return were;
  }
  constexpr ByteMask dirty() const { return dirty_; }
  constexpr ByteMask pending() const { return pending_; }
  // RETURNS: the bytes that a crash may lose.
  constexpr ByteMask outstanding() const { return dirty_ | pending_; }
  // RETURNS: the bytes that are in just this state.
  constexpr ByteMask in_state(ByteState state) const {
    switch (state) {
    case ByteState::Dirty: return dirty_;
    case ByteState::Pending: return pending_.without(non_temporal_);
    case ByteState::NonTemporal: return non_temporal_;
    }
    return ByteMask();
  }
  // REQUIRES: byte `index` is outstanding.
  constexpr ByteState state_of(unsigned index) const {
    if (dirty_.has(index)) return ByteState::Dirty;
    return non_temporal_.has(index) ? ByteState::NonTemporal : ByteState::Pending;
  }
  constexpr bool is_valid() const {
    return !(dirty_ & pending_).any() && !non_temporal_.without(pending_).any();
  }

 private:
  ByteMask dirty_;
  ByteMask pending_;
  ByteMask non_temporal_;
};
static_assert(sizeof(LineState) == 24, "three masks per line: the shadow is sized for this");

}  // namespace pmemcheck
