// origin.h: the stack of the store that each byte of a cache line comes from.
//
// Nearly always one store wrote all eight bytes of a word, so a line has one stack for each word.
// If the outstanding bytes of a word come from several stores, the line has the number of a record
// in MixedWords instead, with a stack for each byte.
//
// Floor 1.  Tested in tests/model/test_origin.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/types.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

// The words whose bytes come from several stores, by number.
class MixedWords {
 public:
  struct Word {
    StackId of_byte[8];
  };
  using Number = std::uint32_t;

  // RETURNS: the number of a new word, with `whole` for each byte.
  Number make(StackId whole);
  // REQUIRES: make() returned the number, and it has not been released since.
  void release(Number number);
  // REQUIRES: as for release().
  Word& operator[](Number number) { return words_[number]; }
  const Word& operator[](Number number) const { return words_[number]; }
  std::size_t in_use() const { return words_.size() - free_.size(); }

 private:
  Vector<Word> words_;
  Vector<Number> free_;
};

// All-zero is a valid value: every byte from StackId::None.
class LineOrigins {
 public:
  constexpr LineOrigins() = default;
  constexpr explicit LineOrigins(StackId of_all) {
    for (StackOrNumber& slot : slot_) slot = StackOrNumber(of_all);
  }

  // `bytes` now come from `stack`.  The bytes in `kept` (outstanding, and not stored to) keep their
  // stacks; the others have no meaning.  REQUIRES: bytes and kept share no byte.
  void set(ByteMask bytes, ByteMask kept, StackId stack, MixedWords& mixed) {
    PM_DCHECK(!(bytes & kept).any());
    if (!bytes.any()) return;
    const unsigned end = (bytes.end() + 7) / 8;
    for (unsigned word = bytes.first() / 8; word < end; word++) {
      const std::uint8_t in_word = of_word(bytes, word), others = of_word(kept, word);
      if (in_word == 0) continue;
      if (others == 0 && !slot_[word].is_mixed())
        slot_[word] = StackOrNumber(stack);
      else
        set_mixed(word, in_word, others, stack, mixed);
    }
  }
  // Fast form of set() for the common case: no word that `bytes` touches has other bytes of
  // `outstanding`, or is mixed.  RETURNS: whether that is so; if not, nothing is changed.
  // REQUIRES: bytes is one run.
  bool set_words(ByteMask bytes, ByteMask outstanding, StackId stack) {
    const unsigned first = bytes.first() / 8, end = (bytes.end() + 7) / 8;
    if ((outstanding.without(bytes) & ByteMask::of(8 * first, 8 * end)).any()) return false;
    StackOrNumber before;
    for (unsigned word = first; word < end; word++) before = before | slot_[word];
    if (before.is_mixed()) return false;
    [[maybe_unused]] LineOrigins plain = *this;
    for (unsigned word = first; word < end; word++) slot_[word] = StackOrNumber(stack);
    PM_DCHECK(plain.set_plainly(bytes, outstanding, stack) && *this == plain);
    return true;
  }
  // No byte has a meaning any more.
  void forget(MixedWords& mixed) {
    for (const StackOrNumber slot : slot_)
      if (slot.is_mixed()) mixed.release(slot.number());
    *this = LineOrigins();
  }
  // RETURNS: the stack of byte `index`.  REQUIRES: index < kLineBytes.
  StackId at(unsigned index, const MixedWords& mixed) const {
    PM_DCHECK(index < kLineBytes);
    const StackOrNumber slot = slot_[index / 8];
    return slot.is_mixed() ? mixed[slot.number()].of_byte[index % 8] : slot.stack();
  }
  // RETURNS: whether the words of `bytes` have the same stacks, or the same records, in both.  For
  // checks.
  bool is_equivalent(const LineOrigins& other, ByteMask bytes) const {
    for (unsigned word = 0; word < 8; word++)
      if (of_word(bytes, word) != 0 && slot_[word] != other.slot_[word]) return false;
    return true;
  }
  constexpr bool operator==(const LineOrigins&) const = default;

 private:
  static std::uint8_t of_word(ByteMask bytes, unsigned word) {
    return static_cast<std::uint8_t>(bytes.bits() >> (8 * word));
  }
  // set() for one word, if it is mixed before or after.
  void set_mixed(unsigned word, std::uint8_t bytes, std::uint8_t kept, StackId stack,
                 MixedWords& mixed);

  // set(), if that needs no record.  RETURNS: whether it needs none.  For checks.
  bool set_plainly(ByteMask bytes, ByteMask outstanding, StackId stack) {
    MixedWords unused;
    set(bytes, outstanding.without(bytes), stack, unused);
    return unused.in_use() == 0;
  }

  StackOrNumber slot_[8];  // by word; a number is a MixedWords::Number
};
static_assert(sizeof(LineOrigins) == 32, "four bytes a word: the shadow is sized for this");

}  // namespace pmemcheck
