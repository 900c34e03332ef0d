// text_report.h: findings as the text at exit that people and scripts read.
//
// The layout is an interface: scripts parse it.  The words come from pmemcheck/tables/findings.def.
//
// Floor 3.  Tested in tests/report/test_text_report.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "pmemcheck/base/sink.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// Puts a call stack into words: a function and the object that it is for.
class StackWords {
 public:
  // RETURNS: a line a frame: "   at " or "   by ", the frame's description, end of line.  Good
  // until the next call.
  using Words = std::string_view (*)(void* self, StackId stack);
  constexpr StackWords(Words words, void* self) : words_(words), self_(self) {}
  std::string_view of(StackId stack) const { return words_(self_, stack); }

 private:
  Words words_;
  void* self_;
};

struct TextReportOptions {
  bool error_summary;  // end with the line that sums all findings up
};

// Writes the report of `findings`, which stand in the order in which they are to be told.
void write_text_report(Sink sink, std::span<const Finding> findings, StackWords stacks,
                       TextReportOptions options);

}  // namespace pmemcheck
