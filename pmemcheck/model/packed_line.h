// packed_line.h: a Line in eight bytes, as far as that goes.
//
// It goes while all that is outstanding in the line is whole words (of eight bytes) and comes from
// one stack: so it is where a program fills memory, or stores a word here and a word there.  What
// does not fit is refused, and the line has to be a Line from then on: see shadow.h.
//
// Floor 1.  Tested in tests/model/test_packed_line.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/model/line.h"

namespace pmemcheck {

// All-zero is a clean line.
class PackedLine {
 public:
  static constexpr unsigned kWordBytes = 8;

  // Bytes [first, end) become DIRTY, from `stack`.  They belong with the bytes that touch them in
  // the line and are as DIRTY, if `joining` says so.
  // RETURNS: whether that fits; if not, nothing is done.  Depends on what is in the line as little
  // as can be: see Machine::store.
  bool store(unsigned first, unsigned end, StackId stack, bool joining) {
    if ((first | end) % kWordBytes != 0) return false;
    const std::uint64_t words = (kWords >> (8 - (end - first) / kWordBytes)) << first / kWordBytes;
    const std::uint64_t others = outstanding_words() & ~words;
    const std::uint64_t other_stack = stack_bits() ^ static_cast<std::uint64_t>(stack);
    // The factors are short.  Where && is written, compilers branch on the first.
    if (others * other_stack != 0) return false;
    bits_ = (bits_ | words << kDirty) & ~(words << kPending);
    const std::uint64_t joined =
        joined_by_store(joined_words(), words, joining ? dirty_words() : words);
    bits_ ^= ((joined_words() ^ joined) & kWords) << kJoined | other_stack << kStack;
    return true;
  }

  // As of a Line.  REQUIRES: masks are of whole words, indices of the first byte of one.

  ByteMask dirty() const { return bytes_of(dirty_words()); }
  ByteMask pending() const { return bytes_of(pending_words()); }
  ByteMask outstanding() const { return bytes_of(outstanding_words()); }
  // There are no non-temporal stores here.
  ByteMask in_state(ByteState state) const {
    switch (state) {
    case ByteState::Dirty: return dirty();
    case ByteState::Pending: return pending();
    case ByteState::NonTemporal: break;
    }
    return ByteMask();
  }
  ByteMask flush(ByteMask bytes) {
    const std::uint64_t useful = dirty_words() & words_of(bytes);
    bits_ ^= useful << kDirty | useful << kPending;
    return bytes_of(useful);
  }
  ByteMask fence(ByteMask bytes) {
    const std::uint64_t durable = pending_words() & words_of(bytes);
    bits_ ^= durable << kPending;
    return bytes_of(durable);
  }
  ByteMask clean(ByteMask bytes) {
    const std::uint64_t were = outstanding_words() & words_of(bytes);
    bits_ &= ~(were << kDirty | were << kPending);
    return bytes_of(were);
  }
  void cut_before(unsigned index) {
    bits_ &= ~(index < kLineBytes ? std::uint64_t{1} << (kJoined + index / kWordBytes) : kToNext);
  }
  void set_joined_to_previous(bool joined) { set(std::uint64_t{1} << kJoined, joined); }
  void set_joined_to_next(bool joined) { set(kToNext, joined); }
  PendingOwner owner() const {
    PendingOwner owner;
    if (const auto thread = static_cast<std::uint32_t>(owner_bits()); thread != 0)
      owner.become(ThreadNo{thread});
    return owner;
  }
  // RETURNS: whether there is room for it; if not, nothing is done.
  bool set_owner(PendingOwner owner) {
    const auto thread = static_cast<std::uint64_t>(owner.thread());
    if (thread > kByte) return false;
    bits_ = (bits_ & ~(kByte << kOwner)) | thread << kOwner;
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
                owner(), StackId{static_cast<std::uint32_t>(stack_bits())});
  }

  // What concerns the line as a whole, and depends on what it holds as little as can be: see
  // packed_page.h.  Words are a bit each.

  std::uint64_t outstanding_words() const { return dirty_words() | pending_words(); }
  // RETURNS: whether there is room to say that `thread` flushed it: not where another thread's
  // bytes are PENDING beside those that are DIRTY.
  bool can_be_flushed_by(ThreadNo thread) const {
    return (static_cast<std::uint64_t>(thread) <= kByte) &
           ((dirty_words() == 0) | (pending_words() == 0) | is_owned_by(thread));
  }
  // RETURNS: the words that were DIRTY; they are PENDING, and the thread's.
  std::uint64_t flush_by(ThreadNo thread) {
    const std::uint64_t useful = dirty_words();
    const std::uint64_t other_owner = owner_bits() ^ static_cast<std::uint64_t>(thread);
    bits_ ^= useful << kDirty | useful << kPending | (useful != 0 ? other_owner << kOwner : 0);
    return useful;
  }
  bool is_owned_by(ThreadNo thread) const {
    return owner_bits() == static_cast<std::uint64_t>(thread);
  }
  // RETURNS: the words that were PENDING, if the line is the thread's; it is no longer.
  std::uint64_t fence_by(ThreadNo thread) {
    const std::uint64_t durable = is_owned_by(thread) ? pending_words() : 0;
    bits_ &= ~(is_owned_by(thread) ? kByte << kPending | kByte << kOwner : 0);
    return durable;
  }

 private:
  static constexpr std::uint64_t kByte = 0xff;
  static constexpr std::uint64_t kWords = 0xff;  // all eight of them
  static constexpr std::uint64_t kFirstBytes = 0x0101'0101'0101'0101;

  // Where in `bits_` what begins.  Joined is whether a word belongs with the one before it.
  static constexpr unsigned kDirty = 0, kPending = 8, kJoined = 16;  // a bit for each word
  static constexpr unsigned kOwner = 24;                             // 8 bits: a ThreadNo
  static constexpr unsigned kStack = 32;                             // 31 bits: a StackId
  static constexpr std::uint64_t kToNext = std::uint64_t{1} << 63;

  std::uint64_t dirty_words() const { return bits_ >> kDirty & kWords; }
  std::uint64_t pending_words() const { return bits_ >> kPending & kWords; }
  std::uint64_t joined_words() const { return bits_ >> kJoined & kWords; }
  std::uint64_t owner_bits() const { return bits_ >> kOwner & kByte; }
  std::uint64_t stack_bits() const { return (bits_ & ~kToNext) >> kStack; }
  void set(std::uint64_t bit, bool on) { bits_ = on ? bits_ | bit : bits_ & ~bit; }

  // Bit i of the words is byte i: the factor puts a copy of four of them every seven bits.
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
