// text_report.h: findings as the text at exit that people and scripts read.
//
// The layout is an interface: scripts parse it.  The words come from pmemcheck/tables/findings.def.
//
// Floor 3.  Tested in tests/report/test_text_report.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>

#include "pmemcheck/base/grouping.h"
#include "pmemcheck/base/sink.h"
#include "pmemcheck/report/words.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

struct TextReportOptions {
  bool error_summary = true;                      // end with the line that sums all findings up
  Grouping grouping = Grouping::automatic;        // what is one entry
  bool explain = false;                           // say more of each than the layout has
  std::uint64_t told_before[kFindingKinds] = {};  // of each kind, and not to be told again
  std::uint64_t suppressed = 0;                   // that were found and are not told
};

// Writes the report of `findings`, which stand in the order in which they are to be told.
void write_text_report(Sink sink, std::span<const Finding> findings, const Words& words,
                       const TextReportOptions& options);

// Tells of one finding by itself, when it happens.
void write_text_finding(Sink sink, const Finding& finding, const Words& words);

}  // namespace pmemcheck
