// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/text_report.h"

#include "pmemcheck/base/format.h"

namespace pmemcheck {

namespace {

struct Section {
  FindingKind kind;
  std::string_view count;
  std::string_view heading;
};

constexpr Section kSections[] = {
#define PM_FINDING(Id, severity, count, heading, title, hint) {FindingKind::Id, count, heading},
#include "pmemcheck/tables/findings.def"
#undef PM_FINDING
};

// What the layout calls the states: it had no word for PENDING but FLUSHED.
std::string_view word_for(ByteState state) {
  switch (state) {
  case ByteState::Dirty: return "DIRTY";
  case ByteState::Pending:
  case ByteState::NonTemporal: return "FLUSHED";
  }
  return {};
}

class Writer {
 public:
  Writer(Sink sink, StackWords stacks) : out_(sink), stacks_(stacks) {}

  void section(const Section& section, std::span<const Finding> findings);
  void error_summary(std::uint64_t errors) { out_ << "ERROR SUMMARY: " << errors << " errors\n"; }

 private:
  void finding(std::uint64_t number, const Finding& f);
  // `mark` tells the second stack of a finding from the first; both are one character wide.
  void stack(std::uint64_t number, std::string_view mark, StackId stack) {
    out_ << "[" << number << "]" << mark << stacks_.of(stack);
  }
  void place(GuestRange bytes) {
    out_ << "\tAddress: " << Hex{bytes.begin} << "\tsize: " << bytes.size();
  }

  Formatter out_;
  StackWords stacks_;
};

void Writer::finding(std::uint64_t number, const Finding& f) {
  stack(number, " ", f.stack);
  switch (f.kind) {
  case FindingKind::NotPersisted:
    place(f.bytes);
    out_ << "\tstate: " << word_for(f.state) << "\n";
    if (f.later_stack == StackId::None) return;
    out_ << "   Its mapping went away here:\n";
    stack(number, "'", f.later_stack);
    return;
  case FindingKind::Overwritten:
    place(f.bytes);
    out_ << "\tstate: " << word_for(f.state) << "\n";
    return;
  case FindingKind::OutsideTransaction:
  case FindingKind::UnnecessaryFlush:
    place(f.bytes);
    out_ << "\n";
    return;
  case FindingKind::TransactionOverlap:
    place(f.bytes);
    out_ << "\ttx_id: " << f.transaction << "\n   First registered here:\n";
    stack(number, "'", f.earlier_stack);
    place(f.earlier_bytes);
    out_ << "\ttx_id: " << f.earlier_transaction << "\n";
    return;
  case FindingKind::ActiveTransaction:
    out_ << "\ttx_id: " << f.transaction << "\t nesting: " << std::uint64_t{f.nesting} << "\n";
    return;
  case FindingKind::RedundantFlush:
    place(f.bytes);
    out_ << "\tstate: " << word_for(f.state) << "\n   Flushed again here:\n";
    stack(number, "'", f.later_stack);
    return;
  }
}

void Writer::section(const Section& section, std::span<const Finding> findings) {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  for (const Finding& f : findings)
    if (f.kind == section.kind) {
      count++;
      bytes += f.bytes.size();
    }
  // The first section always appears, and is told apart by its sum of bytes.
  const bool is_first = section.kind == FindingKind::NotPersisted;
  if (count == 0 && !is_first) return;
  if (!is_first) out_ << "\n";
  out_ << "Number of " << section.count << ": " << count << "\n";
  if (count == 0) return;
  if (!section.heading.empty()) out_ << section.heading << "\n";
  std::uint64_t number = 0;
  for (const Finding& f : findings)
    if (f.kind == section.kind) finding(number++, f);
  if (is_first) out_ << "Total memory not made persistent: " << bytes << "\n";
}

}  // namespace

void write_text_report(Sink sink, std::span<const Finding> findings, StackWords stacks,
                       TextReportOptions options) {
  Writer writer(sink, stacks);
  for (const Section& section : kSections) writer.section(section, findings);
  if (options.error_summary) writer.error_summary(findings.size());
}

}  // namespace pmemcheck
