// origin.h: which store each byte of a cache line comes from.
//
// Nearly always the eight bytes of a word come from one store, so a line keeps one stack a word.
// Where a word's outstanding bytes come from several, the line keeps the number of a record in
// MixedWords instead, with a stack for each byte.
//
// Floor 1.  Tested in tests/model/test_origin.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/types.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

// The words whose bytes come from different stores, each under a number.
class MixedWords {
 public:
  struct Word {
    StackId of_byte[8];
  };
  using Number = std::uint32_t;

  // RETURNS: the number of a new word, all of it from `whole`.
  Number make(StackId whole);
  void release(Number number);
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
    for (std::uint32_t& slot : slot_) slot = static_cast<std::uint32_t>(of_all);
  }

  // `bytes` now come from `stack`.  Those in `kept` (outstanding, and not stored to) keep what they
  // have; the others are of no interest.  REQUIRES: bytes and kept share no byte.
  void set(ByteMask bytes, ByteMask kept, StackId stack, MixedWords& mixed) {
    PM_DCHECK(!(bytes & kept).any());
    PM_DCHECK((static_cast<std::uint32_t>(stack) & kMixed) == 0);
    if (!bytes.any()) return;
    const unsigned end = (bytes.end() + 7) / 8;
    for (unsigned word = bytes.first() / 8; word < end; word++) {
      const std::uint8_t in_word = of_word(bytes, word), others = of_word(kept, word);
      if (in_word == 0) continue;
      if (others == 0 && (slot_[word] & kMixed) == 0)
        slot_[word] = static_cast<std::uint32_t>(stack);
      else
        set_mixed(word, in_word, others, stack, mixed);
    }
  }
  // The same, if each word that `bytes` touches is of one store, before and after: of the bytes in
  // `outstanding` it has only those in `bytes`.  RETURNS: whether it is; if not, nothing is done.
  // REQUIRES: bytes is one run.
  bool set_words(ByteMask bytes, ByteMask outstanding, StackId stack) {
    const unsigned first = bytes.first() / 8, end = (bytes.end() + 7) / 8;
    if ((outstanding.without(bytes) & ByteMask::of(8 * first, 8 * end)).any()) return false;
    std::uint32_t before = 0;
    for (unsigned word = first; word < end; word++) before |= slot_[word];
    if ((before & kMixed) != 0) return false;
    for (unsigned word = first; word < end; word++) slot_[word] = static_cast<std::uint32_t>(stack);
    return true;
  }
  // None of the bytes is of interest any more.
  void forget(MixedWords& mixed) {
    for (std::uint32_t slot : slot_)
      if ((slot & kMixed) != 0) mixed.release(slot & ~kMixed);
    *this = LineOrigins();
  }
  // RETURNS: where byte `index` comes from.  REQUIRES: index < kLineBytes.
  StackId at(unsigned index, const MixedWords& mixed) const {
    const std::uint32_t slot = slot_[index / 8];
    if ((slot & kMixed) == 0) return StackId{slot};
    return mixed[slot & ~kMixed].of_byte[index % 8];
  }

 private:
  static constexpr std::uint32_t kMixed = 0x8000'0000;
  static std::uint8_t of_word(ByteMask bytes, unsigned word) {
    return static_cast<std::uint8_t>(bytes.bits() >> (8 * word));
  }
  // The same for a word of several stacks, before or after.
  void set_mixed(unsigned word, std::uint8_t bytes, std::uint8_t kept, StackId stack,
                 MixedWords& mixed);

  std::uint32_t slot_[8] = {};  // a StackId, or kMixed and a MixedWords::Number
};
static_assert(sizeof(LineOrigins) == 32, "four bytes a word: the shadow is sized for this");

}  // namespace pmemcheck
