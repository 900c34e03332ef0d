// words.h: the words of a host that has nothing to say.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "pmemcheck/report/words.h"

namespace pmemcheck::test {

// Stack n is two frames of function n.
inline std::string_view words_for_stack(void*, StackId stack) {
  static std::string words;
  const std::string function = "f" + std::to_string(static_cast<unsigned>(stack));
  words = "   at 0x1: " + function + " (f.c:1)\n   by 0x2: main (f.c:2)\n";
  return words;
}

// Place n is called place n.
inline std::string_view words_for_place(void*, std::uint32_t number) {
  static std::string words;
  words = "place" + std::to_string(number);
  return words;
}

inline constexpr Words kWords{{words_for_stack, nullptr}, {words_for_place, nullptr}};

}  // namespace pmemcheck::test
