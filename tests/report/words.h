// words.h: text for call stacks, without a host.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "pmemcheck/report/words.h"

namespace pmemcheck::test {

// Stack n has two frames: function fn, called by main.
inline std::string_view words_for_stack(void*, StackId stack) {
  static std::string words;
  const std::string function = "f" + std::to_string(static_cast<unsigned>(stack));
  words = "   at 0x1: " + function + " (f.c:1)\n   by 0x2: main (f.c:2)\n";
  return words;
}

inline ReportWords words(const Places& places) {
  return {{words_for_stack, nullptr}, places};
}

}  // namespace pmemcheck::test
