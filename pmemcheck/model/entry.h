// entry.h: the outstanding stores as people are told of them: as entries.
//
// An entry is a run of bytes in one state.  A store is an entry of its own, or joins a touching one
// at the moment it is made, if that is then in the same state and comes from the same place.  A
// store over part of an entry takes that part away; a flush splits an entry at the edges of what it
// covers.  Entries never join later.
//
// No entry is stored anywhere.  Each byte remembers whether it belongs with the byte before it, and
// reading the bytes in order gives the entries back.  Whether two stores come from the same place
// is asked then: if their code has been unmapped by that time, nobody knows, and they stay apart.
//
// Floor 1.  Tested in tests/model/test_entry.cpp and, against an oracle, test_machine.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/types.h"
#include "pmemcheck/model/line_state.h"
#include "pmemcheck/model/origin.h"

namespace pmemcheck {

// A run of outstanding bytes.  `stack` is that of the store of its first byte.
struct Entry {
  GuestRange bytes;
  ByteState state;
  StackId stack;
};

// Of units in a row, bytes or words, each has a bit that says whether it belongs with the one
// before it.  RETURNS: `joined`, these bits, when the units of `stored` have become one store,
// which belongs with those of `alike` that touch it.  A store that misses the host's cache must not
// wait here: no branch.  REQUIRES: stored is one run, and alike holds it.
constexpr std::uint64_t joined_by_store(std::uint64_t joined, std::uint64_t stored,
                                        std::uint64_t alike) {
  const std::uint64_t within_and_behind = stored | stored << 1;
  return (joined & ~within_and_behind) | (alike & alike << 1 & within_and_behind);
}

// Which bytes of a line belong with the byte before them.  The last byte of the line before and the
// first of this one belong together where that line says joined_to_next and this one
// joined_to_previous: so each line can end the bond without touching the other.
// Of a CLEAN byte it says nothing.
class EntryJoints {
 public:
  constexpr EntryJoints() = default;
  constexpr EntryJoints(ByteMask joined, bool to_next)
      : joined_(joined), to_next_(to_next ? 1 : 0) {}

  constexpr bool joins_before(unsigned index) const { return joined_.has(index); }
  constexpr void set_before(unsigned index, bool joined) {
    joined_ = joined ? joined_ | ByteMask::byte(index) : joined_.without(ByteMask::byte(index));
  }
  constexpr bool joined_to_next() const { return to_next_ != 0; }
  constexpr void set_joined_to_next(bool joined) { to_next_ = joined ? 1 : 0; }
  // `bytes` are one store; it belongs with those of `alike` that touch it.  Of the bytes beyond the
  // line's edges this says that none does.  REQUIRES: bytes is one run, and alike holds it.
  constexpr void bind(ByteMask bytes, ByteMask alike) {
    joined_ = ByteMask(joined_by_store(joined_.bits(), bytes.bits(), alike.bits()));
  }
  // Nothing joins across this edge: before byte `index`, or behind the line (kLineBytes).
  constexpr void cut_before(unsigned index) {
    if (index < kLineBytes)
      set_before(index, false);
    else
      set_joined_to_next(false);
  }

 private:
  ByteMask joined_;
  std::uint32_t to_next_ = 0;
};

// Gives the entries back from lines that are handed to it in order of address.
//   SamePlace: (StackId, StackId) -> bool.  Visit: (const Entry&) -> void.
template <class SamePlace, class Visit>
class EntryReader {
 public:
  EntryReader(SamePlace same_place, Visit visit) : same_place_(same_place), visit_(visit) {}

  // The next line; of its outstanding bytes, those in `window`.
  // REQUIRES: lines come in ascending order.
  void line(LineAddr line, const LineState& state, const EntryJoints& joints,
            const LineOrigins& origins, const MixedWords& mixed,
            ByteMask window = ByteMask::all()) {
    const ByteMask bytes = state.outstanding() & window;
    std::uint64_t left = bytes.bits();
    while (left != 0) {
      const auto i = static_cast<unsigned>(__builtin_ctzll(left));
      left &= left - 1;
      const GuestAddr at = line.begin() + i;
      const ByteState byte_state = state.state_of(i);
      const StackId stack = origins.at(i, mixed);
      const bool bound = joints.joins_before(i) && (i != 0 || joined_to_next_);
      if (open_ && bound && entry_.bytes.end == at && entry_.state == byte_state &&
          (stack == last_stack_ || same_place_(last_stack_, stack))) {
        entry_.bytes.end = at + 1;
      } else {
        finish();
        entry_ = Entry{{at, at + 1}, byte_state, stack};
        open_ = true;
      }
      last_stack_ = stack;
    }
    joined_to_next_ = joints.joined_to_next();
  }

  // Call once after the last line.
  void finish() {
    if (open_) visit_(static_cast<const Entry&>(entry_));
    open_ = false;
  }

 private:
  SamePlace same_place_;
  Visit visit_;
  Entry entry_{};
  StackId last_stack_ = StackId::None;
  bool open_ = false;
  bool joined_to_next_ = false;  // what the line handed over last says
};

}  // namespace pmemcheck
