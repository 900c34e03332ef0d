// line.h: the state of one cache line of persistent memory: durability, entries, owner, origins.
//
// Floor 1.  Tested in tests/model/test_line.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/model/entry.h"
#include "pmemcheck/model/line_state.h"
#include "pmemcheck/model/origin.h"
#include "pmemcheck/model/pending.h"

namespace pmemcheck {

// All-zero is a clean line.
class Line {
 public:
  constexpr Line() = default;
  constexpr Line(LineState state, EntryJoints joints, PendingOwner owner, StackId stack)
      : state_(state), joints_(joints), owner_(owner), origins_(stack) {}

  const LineState& state() const { return state_; }
  const EntryJoints& joints() const { return joints_; }
  const LineOrigins& origins() const { return origins_; }
  LineState& state() { return state_; }
  EntryJoints& joints() { return joints_; }
  LineOrigins& origins() { return origins_; }

  // All operations from here on also exist in PackedLine.

  ByteMask dirty() const { return state_.dirty(); }
  ByteMask pending() const { return state_.pending(); }
  ByteMask outstanding() const { return state_.outstanding(); }
  ByteMask in_state(ByteState state) const { return state_.in_state(state); }
  ByteMask flush(ByteMask bytes) { return state_.flush(bytes); }
  ByteMask fence(ByteMask bytes) { return state_.fence(bytes); }
  ByteMask clean(ByteMask bytes) { return state_.clean(bytes); }
  void cut_before(unsigned index) { joints_.cut_before(index); }
  void set_joined_to_previous(bool joined) { joints_.set_before(0, joined); }
  void set_joined_to_next(bool joined) { joints_.set_joined_to_next(joined); }
  PendingOwner owner() const { return owner_; }
  // RETURNS: true: there is room for any owner.
  bool set_owner(PendingOwner owner) {
    owner_ = owner;
    return true;
  }
  const Line& unpacked() const { return *this; }

  // RETURNS: whether both lines mean the same.  Joints and origins have a meaning for outstanding
  // bytes only.  For checks.
  bool is_equivalent(const Line& other) const {
    const ByteMask bytes = outstanding();
    return state_ == other.state_ && owner_.thread() == other.owner_.thread() &&
           joints_.joined_to_next() == other.joints_.joined_to_next() &&
           (joints_.joined() & bytes) == (other.joints_.joined() & bytes) &&
           origins_.is_equivalent(other.origins_, bytes);
  }

 private:
  LineState state_;
  [[no_unique_address]] EntryJoints joints_;  // its tail padding holds the owner
  PendingOwner owner_;
  LineOrigins origins_;
};
static_assert(sizeof(Line) == 64, "a store touches one cache line of the host's here");

}  // namespace pmemcheck
