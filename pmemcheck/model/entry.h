// entry.h: entries, the form in which outstanding stores are reported.
//
// An entry is a run of bytes in one state.  A store is an entry of its own, or joins an adjacent
// one at the moment it is made, if that one is then in the same state and comes from the same
// place.  A store over part of an entry removes that part; a flush splits an entry at the edges of
// the flushed range.  Entries never join later.
//
// Entries are not stored.  Each byte has a bit that says whether it belongs to the same entry as
// the byte before it, and the entries are reconstructed from the bytes in order.  Whether two
// stores come from the same place is decided only then: if their code has been unmapped by that
// time it cannot be decided, and they stay separate.
//
// Floor 1.  Tested in tests/model/test_entry.cpp and, against an oracle, test_machine.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/model/line_state.h"
#include "pmemcheck/model/origin.h"

namespace pmemcheck {

// A run of outstanding bytes.  `stack` is the stack of the store to its first byte.
struct Entry {
  GuestRange bytes;
  ByteState state;
  StackId stack;
};

// Bit i of `joined` says whether unit i, a byte or a word, belongs to the same entry as unit i - 1.
// RETURNS: `joined` after a store to the units of `stored`, which are one entry now, together with
// the adjacent units of `alike`.  Has no branch, because a store that misses the host's cache must
// not wait here.  REQUIRES: stored is one run, and a subset of alike.
constexpr std::uint64_t joined_by_store(std::uint64_t joined, std::uint64_t stored,
                                        std::uint64_t alike) {
  PM_DCHECK((stored & ~alike) == 0);
  const std::uint64_t within_and_after = stored | stored << 1;
  return (joined & ~within_and_after) | (alike & alike << 1 & within_and_after);
}
// joined_by_store(), unit by unit.  For checks.
constexpr std::uint64_t joined_by_store_plainly(std::uint64_t joined, std::uint64_t stored,
                                                std::uint64_t alike) {
  const auto has = [](std::uint64_t units, unsigned i) { return (units >> i & 1) != 0; };
  for (unsigned i = 0; i < 64; i++) {
    const bool has_previous = i > 0;
    if (!has(stored, i) && !(has_previous && has(stored, i - 1))) continue;
    const std::uint64_t unit = std::uint64_t{1} << i;
    const bool joins = has_previous && has(alike, i - 1) && has(alike, i);
    joined = joins ? joined | unit : joined & ~unit;
  }
  return joined;
}

// Which bytes of a line belong to the same entry as the byte before them.  The last byte of a line
// and the first byte of the next one belong together if the former line has joined_to_next() and
// the latter joins_before(0): so each line can separate the two bytes without touching the other
// line.  The bit of a CLEAN byte has no meaning.
class EntryJoints {
 public:
  constexpr EntryJoints() = default;
  constexpr EntryJoints(ByteMask joined, bool to_next)
      : joined_(joined), to_next_(to_next ? 1 : 0) {}

  // REQUIRES of each index here, unless it says otherwise: index < kLineBytes.

  constexpr ByteMask joined() const { return joined_; }
  constexpr bool joins_before(unsigned index) const {
    PM_DCHECK(index < kLineBytes);
    return joined_.has(index);
  }
  constexpr void set_before(unsigned index, bool joined) {
    PM_DCHECK(index < kLineBytes);
    joined_ = joined ? joined_ | ByteMask::byte(index) : joined_.without(ByteMask::byte(index));
  }
  constexpr bool joined_to_next() const { return to_next_ != 0; }
  constexpr void set_joined_to_next(bool joined) { to_next_ = joined ? 1 : 0; }
  // A store wrote `bytes`.  They are one entry, together with the adjacent bytes of `alike`, but
  // not with bytes of other lines.  REQUIRES: bytes is one run, and a subset of alike.
  constexpr void bind(ByteMask bytes, ByteMask alike) {
    [[maybe_unused]] const std::uint64_t before = joined_.bits();
    joined_ = ByteMask(joined_by_store(joined_.bits(), bytes.bits(), alike.bits()));
    PM_DCHECK(joined_.bits() == joined_by_store_plainly(before, bytes.bits(), alike.bits()));
  }
  // No entry crosses the edge before byte `index`, or with kLineBytes the end of the line.
  // REQUIRES: index <= kLineBytes.
  constexpr void cut_before(unsigned index) {
    PM_DCHECK(index <= kLineBytes);
    if (index < kLineBytes)
      set_before(index, false);
    else
      set_joined_to_next(false);
  }

 private:
  ByteMask joined_;
  std::uint32_t to_next_ = 0;
};

// Reconstructs the entries from lines, which must be added in order of address.
//   SamePlace: (StackId, StackId) -> bool.  Visit: (const Entry&) -> void.
template <class SamePlace, class Visit>
class EntryReader {
 public:
  EntryReader(SamePlace same_place, Visit visit) : same_place_(same_place), visit_(visit) {}

  // Adds the outstanding bytes of the next line that are in `window`.
  // REQUIRES: lines come in ascending order.
  void line(LineAddr line, const LineState& state, const EntryJoints& joints,
            const LineOrigins& origins, const MixedWords& mixed,
            ByteMask window = ByteMask::all()) {
    PM_DCHECK(next_line_ <= line);
    next_line_ = line.next();
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
  bool joined_to_next_ = false;  // of the last line
  LineAddr next_line_;           // the lowest that may come next
};

}  // namespace pmemcheck
