// text_report.h: findings as the text at exit that people and scripts read.
//
// The layout is an interface, because scripts parse it.  The wording of a section comes from
// pmemcheck/tables/findings.def.
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
  bool error_summary = true;                // end with the line that counts all findings
  Grouping grouping = Grouping::automatic;  // which findings share an entry
  bool explain = false;                     // add explanations, which the frozen layout lacks
  // Findings that are counted but not listed: those of each kind that were reported when they were
  // found, and those that are suppressed.
  std::uint64_t reported_before[kFindingKinds] = {};
  std::uint64_t suppressed = 0;
};

// Writes the report of `findings`: a section for each kind, in which they keep their order.
// REQUIRES: findings of kind NotPersisted ascend by address; scripts rely on it.
void write_text_report(Sink sink, std::span<const Finding> findings, const ReportWords& words,
                       const TextReportOptions& options);

// Writes one finding alone, as it is reported when it happens.
void write_text_finding(Sink sink, const Finding& finding, const ReportWords& words);

}  // namespace pmemcheck
