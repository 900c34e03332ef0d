// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/origin.h"

namespace pmemcheck {

MixedWords::Number MixedWords::make(StackId whole) {
  Number number = 0;
  if (free_.is_empty()) {
    number = static_cast<Number>(words_.size());
    words_.push_back(Word{});
  } else {
    number = free_.back();
    free_.pop_back();
  }
  for (StackId& stack : words_[number].of_byte) stack = whole;
  return number;
}

void MixedWords::release(Number number) {
  free_.push_back(number);
}

void LineOrigins::set_mixed(unsigned word, std::uint8_t bytes, std::uint8_t kept, StackId stack,
                            MixedWords& mixed) {
  std::uint32_t& slot = slot_[word];
  const auto plain = static_cast<std::uint32_t>(stack);
  const bool was_mixed = (slot & kMixed) != 0;
  if (kept == 0) {
    if (was_mixed) mixed.release(slot & ~kMixed);
    slot = plain;
    return;
  }
  if (slot == plain) return;
  if (!was_mixed) slot = mixed.make(StackId{slot}) | kMixed;
  for (unsigned i = 0; i < 8; i++)
    if ((bytes >> i & 1) != 0) mixed[slot & ~kMixed].of_byte[i] = stack;
}

}  // namespace pmemcheck
