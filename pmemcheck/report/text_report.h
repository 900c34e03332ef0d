// text_report.h: findings as the text at exit that people and scripts read.
//
// The layout is an interface: scripts parse it.  The words come from pmemcheck/tables/findings.def.
//
// Floor 3.  Tested in tests/report/test_text_report.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>

#include "pmemcheck/base/sink.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// Puts a call stack into words: a function and the object that it is for.
class StackWriter {
 public:
  // Writes one line a frame: "   at " or "   by ", the frame's description, end of line.
  using Write = void (*)(void* self, StackId stack, Sink sink);
  constexpr StackWriter(Write write, void* self) : write_(write), self_(self) {}
  void write(StackId stack, Sink sink) const { write_(self_, stack, sink); }

 private:
  Write write_;
  void* self_;
};

struct TextReportOptions {
  bool error_summary;  // end with the line that sums all findings up
};

// Writes the report of `findings`, which stand in the order in which they are to be told.
void write_text_report(Sink sink, std::span<const Finding> findings, StackWriter stacks,
                       TextReportOptions options);

}  // namespace pmemcheck
