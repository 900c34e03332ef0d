// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/text_report.h"

#include "pmemcheck/base/format.h"

namespace pmemcheck {

namespace {

std::string_view count_of(FindingKind kind) {
  switch (kind) {
#define PM_FINDING(Id, severity, count, heading)                                                   \
  case FindingKind::Id:                                                                            \
    return count;
#include "pmemcheck/tables/findings.def"
#undef PM_FINDING
  }
  return {};
}

std::string_view heading_of(FindingKind kind) {
  switch (kind) {
#define PM_FINDING(Id, severity, count, heading)                                                   \
  case FindingKind::Id:                                                                            \
    return heading;
#include "pmemcheck/tables/findings.def"
#undef PM_FINDING
  }
  return {};
}

// What the layout calls the states: it had no word for PENDING but FLUSHED.
std::string_view word_for(ByteState state) {
  switch (state) {
  case ByteState::Dirty: return "DIRTY";
  case ByteState::Pending: return "FLUSHED";
  }
  return {};
}

void write_finding(Formatter& out, Sink sink, std::uint64_t number, const Finding& finding,
                   StackWriter stacks) {
  out << "[" << number << "] ";
  out.flush();
  stacks.write(finding.stack, sink);
  out << "\tAddress: " << Hex{finding.bytes.begin} << "\tsize: " << finding.bytes.size()
      << "\tstate: " << word_for(finding.state) << "\n";
}

void write_section(Formatter& out, Sink sink, FindingKind kind, std::span<const Finding> findings,
                   StackWriter stacks) {
  std::uint64_t total = 0;
  std::uint64_t bytes = 0;
  for (const Finding& finding : findings)
    if (finding.kind == kind) {
      total++;
      bytes += finding.bytes.size();
    }
  out << "Number of " << count_of(kind) << ": " << total << "\n";
  if (total == 0) return;
  out << heading_of(kind) << "\n";
  std::uint64_t number = 0;
  for (const Finding& finding : findings)
    if (finding.kind == kind) write_finding(out, sink, number++, finding, stacks);
  out << "Total memory not made persistent: " << bytes << "\n";
}

}  // namespace

void write_text_report(Sink sink, std::span<const Finding> findings, StackWriter stacks,
                       TextReportOptions options) {
  Formatter out(sink);
  write_section(out, sink, FindingKind::NotPersisted, findings, stacks);
  if (options.error_summary) out << "ERROR SUMMARY: " << findings.size() << " errors\n";
}

}  // namespace pmemcheck
