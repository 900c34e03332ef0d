// line_state.h: durability of one 64-byte cache line, byte by byte.
//
//            store                 flush                   fence
//   CLEAN ----------> DIRTY ------------------> PENDING ----------> CLEAN
//                       ^     non-temporal store --^ |
//                       +--------- store ------------+
//
// A crash may keep or lose any DIRTY or PENDING byte.  pending.h keeps the thread whose fence ends
// PENDING; machine.h explains why the processor behaves like this.
//
// INVARIANT: none; every value is a valid line.  All-zero is a clean one.
//
// Floor 1.  Tested in tests/model/test_line_state.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/types.h"

namespace pmemcheck {

// The state of a byte that is not durable.
enum class ByteState : std::uint8_t {
  Dirty,
  Pending,      // flushed
  NonTemporal,  // pending since a non-temporal store; not flushed
};

class LineState {
 public:
  // `bytes` become DIRTY, whatever they were.
  constexpr void store(ByteMask bytes) {
    clean(bytes);
    low_ |= bytes;
  }
  // `bytes` become PENDING without a flush, whatever they were.
  constexpr void store_non_temporal(ByteMask bytes) {
    low_ |= bytes;
    high_ |= bytes;
  }
  // The DIRTY ones of `bytes` become PENDING.  RETURNS: those.
  constexpr ByteMask flush(ByteMask bytes) {
    const ByteMask useful = dirty() & bytes;
    low_ = low_.without(bytes);
    high_ |= useful;
    return useful;
  }
  // The PENDING ones of `bytes` become durable.  RETURNS: those.
  constexpr ByteMask fence(ByteMask bytes) {
    const ByteMask durable = pending() & bytes;
    clean(durable);
    return durable;
  }
  // `bytes` become CLEAN: they are durable, or no longer of interest.  RETURNS: those that were
  // not.
  constexpr ByteMask clean(ByteMask bytes) {
    const ByteMask were = outstanding() & bytes;
    low_ = low_.without(bytes);
    high_ = high_.without(bytes);
    return were;
  }
  constexpr ByteMask dirty() const { return low_.without(high_); }
  constexpr ByteMask pending() const { return high_; }
  // RETURNS: the bytes that a crash may lose.
  constexpr ByteMask outstanding() const { return low_ | high_; }
  // RETURNS: the bytes that are in exactly this state.
  constexpr ByteMask in_state(ByteState state) const {
    switch (state) {
    case ByteState::Dirty: return dirty();
    case ByteState::Pending: return high_.without(low_);
    case ByteState::NonTemporal: return low_ & high_;
    }
    return ByteMask();
  }
  // REQUIRES: byte `index` is outstanding.
  constexpr ByteState state_of(unsigned index) const {
    PM_DCHECK(index < kLineBytes && outstanding().has(index));
    if (!high_.has(index)) return ByteState::Dirty;
    return low_.has(index) ? ByteState::NonTemporal : ByteState::Pending;
  }

  constexpr bool operator==(const LineState&) const = default;

 private:
  // The two bits of a byte, high and low: 00 CLEAN, 01 DIRTY, 10 PENDING, 11 PENDING, not flushed.
  ByteMask low_;
  ByteMask high_;
};
static_assert(sizeof(LineState) == 16, "two masks per line: the shadow is sized for this");

}  // namespace pmemcheck
