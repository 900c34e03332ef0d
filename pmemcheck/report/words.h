// words.h: who puts call stacks and places into words for a report.
//
// Floor 3.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/base/types.h"
#include "pmemcheck/report/places.h"

namespace pmemcheck {

// Puts call stacks into words: a function of the host's and the object that it is called for.
class StackWords {
 public:
  // RETURNS: for text, a line for each frame: "   at " or "   by ", the frame's description, end of
  // line; for XML, an element for each frame.  Valid until the next call.
  using Describe = std::string_view (*)(void* self, StackId stack);
  constexpr StackWords(Describe describe, void* self) : describe_(describe), self_(self) {}
  std::string_view of(StackId stack) const { return describe_(self_, stack); }

 private:
  Describe describe_;
  void* self_;
};

// What a report needs beside its findings.
struct ReportWords {
  StackWords stacks;
  const Places& places;  // that the findings' places come from
};

}  // namespace pmemcheck
