// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/text_report.h"

#include "pmemcheck/base/format.h"
#include "pmemcheck/report/explanation.h"
#include "pmemcheck/report/group.h"

namespace pmemcheck {

namespace {

// Writes an explanation as text, in the layout of memcheck's findings.
class Explainer {
 public:
  Explainer(Formatter& out, const StackWords& stacks) : out_(out), stacks_(stacks) {}
  // For entry `number` of a report.
  Explainer(Formatter& out, const StackWords& stacks, std::uint64_t number)
      : out_(out), stacks_(stacks), number_(number), is_numbered_(true) {}

  void begin_what() {}
  void end_what() { out_ << "\n"; }
  void begin_more() { out_ << (is_numbered_ ? "   " : " "); }
  void end_more() { out_ << "\n"; }
  void end_before_stack() { out_ << ":\n"; }
  void stack(StackId stack) {
    if (is_numbered_) out_ << "[" << number_ << "]'";
    out_ << stacks_.of(stack);
  }
  Explainer& operator<<(auto words) {
    out_ << words;
    return *this;
  }

 private:
  Formatter& out_;
  const StackWords& stacks_;
  std::uint64_t number_ = 0;
  bool is_numbered_ = false;
};

class Writer {
 public:
  Writer(Sink sink, const ReportWords& words, const TextReportOptions& options)
      : out_(sink), words_(words), options_(options) {}

  void section(const FindingInfo& kind, std::span<const Finding> findings);
  void suppressed() {
    if (options_.suppressed != 0)
      out_ << "\nNumber of suppressed findings: " << options_.suppressed << "\n";
  }
  void error_summary(std::uint64_t errors) { out_ << "ERROR SUMMARY: " << errors << " errors\n"; }

 private:
  void finding(std::uint64_t number, const Finding& f);
  void rest_of(const Group& group);
  // `mark` is one character: " " before the first stack of a finding, "'" before the second.
  void stack(std::uint64_t number, std::string_view mark, StackId stack) {
    out_ << "[" << number << "]" << mark << words_.stacks.of(stack);
  }
  void place(GuestRange bytes) {
    out_ << "\tAddress: " << Hex{bytes.begin} << "\tsize: " << bytes.size();
  }

  Formatter out_;
  const ReportWords& words_;
  const TextReportOptions& options_;
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
  case FindingKind::NotDurable:
    place(f.bytes);
    out_ << "\tstate: " << word_for(f.state) << "\n   Stored here:\n";
    stack(number, "'", f.earlier_stack);
    return;
  case FindingKind::OutOfOrder:
    place(f.bytes);
    out_ << "\n   What had to be durable first was stored here:\n";
    stack(number, "'", f.earlier_stack);
    place(f.earlier_bytes);
    out_ << "\tstate: " << word_for(f.state) << "\n";
    return;
  }
}

void Writer::rest_of(const Group& group) {
  if (group.count == 1) return;
  out_ << "   and " << group.count - 1 << " more like it";
  if (group.bytes != 0)
    out_ << ", " << group.bytes << " bytes in all, from " << Hex{group.range.begin} << " to before "
         << Hex{group.range.end};
  out_ << "\n";
}

void Writer::section(const FindingInfo& kind, std::span<const Finding> findings) {
  Vector<Finding> listed;
  std::uint64_t bytes = 0;
  for (const Finding& f : findings)
    if (f.kind == kind.kind) {
      listed.push_back(f);
      bytes += f.bytes.size();
    }
  const std::uint64_t before = options_.reported_before[index_of(kind.kind)];
  const std::uint64_t count = before + listed.size();
  // The first section always appears, and only it ends in a sum of bytes.
  const bool is_first = kind.kind == FindingKind::NotPersisted;
  if (count == 0 && !is_first) return;
  if (!is_first) out_ << "\n";
  out_ << "Number of " << kind.count << ": " << count << "\n";
  if (count == 0) return;
  if (before != 0) out_ << "Already reported: " << before << "\n";
  if (listed.is_empty()) return;
  if (options_.grouping != Grouping::yes && is_grouped(listed.size(), options_.grouping))
    out_ << "Grouped because there are so many: --group=no lists each one\n";
  if (!kind.heading.empty()) out_ << kind.heading << "\n";
  std::uint64_t number = 0;
  const std::span<const Finding> all(listed.begin(), listed.size());
  for_each_group(all, options_.grouping, [&](const Group& g) {
    finding(number, g.first);
    rest_of(g);
    if (options_.explain) {
      Explainer more(out_, words_.stacks, number);
      if (g.first.kind == FindingKind::Overwritten) write_other_stacks(more, g.first);
      write_more(more, g.first, words_.places);
    }
    number++;
  });
  if (is_first) out_ << "Total memory not made persistent: " << bytes << "\n";
}

// RETURNS: whether the findings of the first section ascend by address.
bool are_sorted(std::span<const Finding> findings) {
  GuestAddr previous;
  for (const Finding& f : findings) {
    if (f.kind != FindingKind::NotPersisted) continue;
    if (f.bytes.begin < previous) return false;
    previous = f.bytes.begin;
  }
  return true;
}

}  // namespace

void write_text_report(Sink sink, std::span<const Finding> findings, const ReportWords& words,
                       const TextReportOptions& options) {
  PM_CHECK(are_sorted(findings));
  Writer writer(sink, words, options);
  for (const FindingInfo& kind : kFindings) writer.section(kind, findings);
  writer.suppressed();
  if (!options.error_summary) return;
  std::uint64_t errors = findings.size();
  for (const std::uint64_t count : options.reported_before) errors += count;
  writer.error_summary(errors);
}

void write_text_finding(Sink sink, const Finding& f, const ReportWords& words) {
  Formatter out(sink);
  Explainer explainer(out, words.stacks);
  write_what(explainer, f);
  explainer.stack(f.stack);
  write_other_stacks(explainer, f);
  write_more(explainer, f, words.places);
}

}  // namespace pmemcheck
