// packed_line.h: compact 8-byte form of Line; covers the common cases only.
//
//   bit   63      62 ... 32      31 ... 24   23 ... 16   15 ... 8   7 ... 0
//       +-------+--------------+-----------+-----------+----------+---------+
//       |to_next|    stack     |   owner   |  joined   | pending  |  dirty  |
//       +-------+--------------+-----------+-----------+----------+---------+
//
//   dirty, pending  a bit for each 8-byte word.  INVARIANT: no word is both
//   joined          a bit for each word: it belongs to the same entry as the word before it
//   owner           the ThreadNo whose fence makes the pending words durable; 0: none
//   stack           the StackId of every outstanding word
//   to_next         the last word belongs to the same entry as the first word of the next line
//
// A line fits while its outstanding bytes are whole words that come from one stack: where a program
// fills memory, or stores a word here and a word there.  An operation that does not fit is refused,
// and the line has to become a Line: see shadow.h.
//
// Floor 1.  Tested in tests/model/test_packed_line.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/check.h"
#include "pmemcheck/model/line.h"

namespace pmemcheck {

// All-zero is a clean line.
class PackedLine {
 public:
  static constexpr unsigned kWordBytes = 8;

  // Bytes [first, end) become DIRTY, from `stack`.  If `joining`, they form one entry with the
  // adjacent DIRTY bytes of the line.
  // RETURNS: whether the line still fits; if not, nothing is changed.
  // Branches as little as possible on the contents of the line: see Machine::store.
  // REQUIRES: first < end <= kLineBytes.
  bool store(unsigned first, unsigned end, StackId stack, bool joining) {
    PM_DCHECK(first < end && end <= kLineBytes);
    if ((first | end) % kWordBytes != 0) return false;
    const std::uint64_t words = (kWords >> (8 - (end - first) / kWordBytes)) << first / kWordBytes;
    const std::uint64_t others = outstanding_words() & ~words;
    PM_DCHECK(stack_id::is_valid(stack));
    const std::uint64_t other_stack = stack_bits() ^ std::uint64_t{stack_id::bits(stack)};
    // The product of 8 and 31 bits fits.  For && the compiler would branch on the first operand.
    static_assert(8 + kStackIdBits <= 64);
    if (others * other_stack != 0) return false;
    [[maybe_unused]] const PackedLine before = *this;
    bits_ = (bits_ | words << kDirty) & ~(words << kPending);
    const std::uint64_t joined =
        joined_by_store(joined_words(), words, joining ? dirty_words() : words);
    bits_ ^= ((joined_words() ^ joined) & kWords) << kJoined | other_stack << kStack;
    PM_DCHECK(is_after(before, [&](Line& line) {
      const ByteMask bytes = ByteMask::of(first, end);
      line.state().store(bytes);
      line.joints().bind(bytes, joining ? line.dirty() : bytes);
      MixedWords unused;
      line.origins().set(bytes, line.outstanding().without(bytes), stack, unused);
    }));
    return true;
  }

  // The same operations as in Line.
  // REQUIRES: masks consist of whole words; an index is that of the first byte of a word, or
  // kLineBytes.

  ByteMask dirty() const { return bytes_of(dirty_words()); }
  ByteMask pending() const { return bytes_of(pending_words()); }
  ByteMask outstanding() const { return bytes_of(outstanding_words()); }
  // A packed line has no non-temporal stores.
  ByteMask in_state(ByteState state) const {
    switch (state) {
    case ByteState::Dirty: return dirty();
    case ByteState::Pending: return pending();
    case ByteState::NonTemporal: break;
    }
    return ByteMask();
  }
  ByteMask flush(ByteMask bytes) {
    [[maybe_unused]] const PackedLine before = *this;
    const std::uint64_t useful = dirty_words() & words_of(bytes);
    bits_ ^= useful << kDirty | useful << kPending;
    PM_DCHECK(is_after(before, [&](Line& line) { line.flush(bytes); }));
    return bytes_of(useful);
  }
  ByteMask fence(ByteMask bytes) {
    [[maybe_unused]] const PackedLine before = *this;
    const std::uint64_t durable = pending_words() & words_of(bytes);
    bits_ ^= durable << kPending;
    PM_DCHECK(is_after(before, [&](Line& line) { line.fence(bytes); }));
    return bytes_of(durable);
  }
  ByteMask clean(ByteMask bytes) {
    [[maybe_unused]] const PackedLine before = *this;
    const std::uint64_t were = outstanding_words() & words_of(bytes);
    bits_ &= ~(were << kDirty | were << kPending);
    PM_DCHECK(is_after(before, [&](Line& line) { line.clean(bytes); }));
    return bytes_of(were);
  }
  void cut_before(unsigned index) {
    PM_DCHECK(index <= kLineBytes && index % kWordBytes == 0);
    [[maybe_unused]] const PackedLine before = *this;
    bits_ &= ~(index < kLineBytes ? std::uint64_t{1} << (kJoined + index / kWordBytes) : kToNext);
    PM_DCHECK(is_after(before, [&](Line& line) { line.cut_before(index); }));
  }
  void set_joined_to_previous(bool joined) { set(std::uint64_t{1} << kJoined, joined); }
  void set_joined_to_next(bool joined) { set(kToNext, joined); }
  PendingOwner owner() const {
    PendingOwner owner;
    if (const auto thread = static_cast<std::uint32_t>(owner_bits()); thread != 0)
      owner.become(ThreadNo{thread});
    return owner;
  }
  // RETURNS: whether the owner fits; if not, nothing is changed.
  bool set_owner(PendingOwner owner) {
    const auto thread = static_cast<std::uint64_t>(owner.thread());
    if (thread > kByte) return false;
    [[maybe_unused]] const PackedLine before = *this;
    bits_ = (bits_ & ~(kByte << kOwner)) | thread << kOwner;
    PM_DCHECK(is_after(before, [&](Line& line) { line.set_owner(owner); }));
    return true;
  }
  Line unpacked() const {
    LineState state;
    state.store(outstanding());
    state.flush(pending());
    const ByteMask begin_words(kFirstBytes);
    return Line(state,
                EntryJoints(~begin_words | (bytes_of(joined_words()) & begin_words),
                            (bits_ & kToNext) != 0),
                owner(), stack());
  }

  // Operations on the line as a whole, with as few branches on its contents as possible: see
  // packed_page.h.  A bit for each word.

  std::uint64_t outstanding_words() const { return dirty_words() | pending_words(); }
  // RETURNS: whether flush_by(thread) fits.  It does not if bytes of another thread are PENDING
  // while others are DIRTY, because the line would have two owners.
  bool can_be_flushed_by(ThreadNo thread) const {
    return (static_cast<std::uint64_t>(thread) <= kByte) &
           ((dirty_words() == 0) | (pending_words() == 0) | is_owned_by(thread));
  }
  // The DIRTY words become PENDING, with `thread` as their owner.  RETURNS: those words.
  // REQUIRES: can_be_flushed_by(thread).
  std::uint64_t flush_by(ThreadNo thread) {
    PM_DCHECK(can_be_flushed_by(thread));
    [[maybe_unused]] const PackedLine before = *this;
    const std::uint64_t useful = dirty_words();
    const std::uint64_t other_owner = owner_bits() ^ static_cast<std::uint64_t>(thread);
    bits_ ^= useful << kDirty | useful << kPending | (useful != 0 ? other_owner << kOwner : 0);
    PM_DCHECK(is_after(before, [&](Line& line) {
      PendingOwner owner;
      owner.become(thread);
      if (line.flush(ByteMask::all()).any()) line.set_owner(owner);
    }));
    return useful;
  }
  bool is_owned_by(ThreadNo thread) const {
    return owner_bits() == static_cast<std::uint64_t>(thread);
  }
  // If `thread` owns the line, its PENDING words become durable and it has no owner any more.
  // RETURNS: those words.
  std::uint64_t fence_by(ThreadNo thread) {
    [[maybe_unused]] const PackedLine before = *this;
    const std::uint64_t durable = is_owned_by(thread) ? pending_words() : 0;
    bits_ &= ~(is_owned_by(thread) ? kByte << kPending | kByte << kOwner : 0);
    PM_DCHECK(is_after(before, [&](Line& line) {
      if (!line.owner().is(thread)) return;
      line.fence(ByteMask::all());
      line.set_owner(PendingOwner());
    }));
    return durable;
  }

  bool is_valid() const { return (dirty_words() & pending_words()) == 0; }

 private:
  static constexpr std::uint64_t kByte = 0xff;
  static constexpr std::uint64_t kWords = 0xff;  // all eight of them
  static constexpr std::uint64_t kFirstBytes = 0x0101'0101'0101'0101;

  // The first bit of each field of `bits_`: see the picture above.
  static constexpr unsigned kDirty = 0, kPending = 8, kJoined = 16, kOwner = 24, kStack = 32;
  static constexpr std::uint64_t kToNext = std::uint64_t{1} << 63;
  static_assert(kStack + kStackIdBits == 63, "a StackId fits between the owner and to_next");

  std::uint64_t dirty_words() const { return bits_ >> kDirty & kWords; }
  std::uint64_t pending_words() const { return bits_ >> kPending & kWords; }
  std::uint64_t joined_words() const { return bits_ >> kJoined & kWords; }
  std::uint64_t owner_bits() const { return bits_ >> kOwner & kByte; }
  std::uint64_t stack_bits() const { return (bits_ & ~kToNext) >> kStack; }
  StackId stack() const { return StackId{static_cast<std::uint32_t>(stack_bits())}; }
  void set(std::uint64_t bit, bool on) { bits_ = on ? bits_ | bit : bits_ & ~bit; }

  // RETURNS: whether this line is equivalent to `before` after change(Line&), the plain form of a
  // mutator.  For checks.
  template <class Change>
  bool is_after(PackedLine before, Change change) const {
    Line plain = before.unpacked();
    change(plain);
    return is_valid() && unpacked().is_equivalent(plain);
  }

  // Spreads bit i of `words` to byte i.  The factor copies four of the bits to every seventh.
  static ByteMask bytes_of(std::uint64_t words) {
    const std::uint64_t low_half = (words & 0x0f) * 0x0020'4081 & 0x0101'0101;
    const std::uint64_t high_half = (words >> 4) * 0x0020'4081 & 0x0101'0101;
    return ByteMask((low_half | high_half << 32) * kByte);
  }
  static std::uint64_t words_of(ByteMask bytes) {
    const std::uint64_t first_bytes = bytes.bits() & kFirstBytes;
    PM_DCHECK(first_bytes * kByte == bytes.bits());
    return first_bytes * 0x0102'0408'1020'4080 >> 56;
  }

  std::uint64_t bits_ = 0;
};
static_assert(sizeof(PackedLine) == 8);

}  // namespace pmemcheck
