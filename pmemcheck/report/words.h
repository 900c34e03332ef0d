// words.h: the source of the text for call stacks and places in a report.
//
// Floor 3.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/base/types.h"
#include "pmemcheck/report/places.h"

namespace pmemcheck {

// Describes call stacks as text: a function of the host, and the object that is its first argument.
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

// What a report needs besides its findings.
struct ReportWords {
  StackWords stacks;
  const Places& places;  // where the findings' places come from
};

}  // namespace pmemcheck
