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
  PM_DCHECK(number < words_.size() && free_.size() < words_.size());
  free_.push_back(number);
}

void LineOrigins::set_mixed(unsigned word, std::uint8_t bytes, std::uint8_t kept, StackId stack,
                            MixedWords& mixed) {
  StackOrNumber& slot = slot_[word];
  const StackOrNumber plain(stack);
  if (kept == 0) {
    if (slot.is_mixed()) mixed.release(slot.number());
    slot = plain;
    return;
  }
  if (slot == plain) return;
  if (!slot.is_mixed()) slot = StackOrNumber::mixed(mixed.make(slot.stack()));
  for (unsigned i = 0; i < 8; i++)
    if ((bytes >> i & 1) != 0) mixed[slot.number()].of_byte[i] = stack;
}

}  // namespace pmemcheck
