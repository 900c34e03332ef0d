// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/findings/reporting.h"

#include <new>

#include "pmemcheck/base/format.h"
#include "pmemcheck/base/host.h"
#include "pmemcheck/report/mapped_parts.h"
#include "pmemcheck/report/text_report.h"
#include "pmemcheck/report/xml_report.h"
#include "pmemcheck/rules/not_persisted.h"
#include "pmemcheck/rules/transactions.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/findings/errors.h"
#include "pmemcheck/valgrind/findings/findings.h"
#include "pmemcheck/valgrind/output.h"
#include "pmemcheck/valgrind/run.h"
#include "pmemcheck/valgrind/stacks/stacks.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::reporting {

namespace {

// All findings as of now.
class Findings {
 public:
  // `unmapped_at` is the stack of the call that unmaps all memory, or None.  `counted` is for
  // findings that become certain only now, because they have not been counted.
  Findings(StackId unmapped_at, errors::Counted counted) {
    Vector<Finding> lost;
    for (const Finding& f : findings::list())
      (f.kind == FindingKind::NotPersisted ? lost : list_).push_back(f);
    const std::size_t gone = lost.size();
    find_not_persisted(run::machine(), GuestRange::everything(), unmapped_at, stacks::same_place,
                       lost);
    complete(lost, gone, counted);
    sort_by_address(lost);
    for (const Finding& f : lost) list_.push_back(f);
    const std::size_t others = list_.size();
    find_active_transactions(run::transactions(), list_);
    complete(list_, others, counted);
  }

  std::span<const Finding> list() const { return {list_.begin(), list_.size()}; }
  std::uint64_t suppressed() const { return suppressed_; }

 private:
  // Annotates the findings from `first` on, and drops those that are suppressed.
  void complete(Vector<Finding>& findings, std::size_t first, errors::Counted counted) {
    std::size_t kept = first;
    for (std::size_t i = first; i < findings.size(); i++) {
      findings::annotate(findings[i]);
      if (errors::is_suppressed(findings[i], counted))
        suppressed_++;
      else
        findings[kept++] = findings[i];
    }
    while (findings.size() > kept) findings.pop_back();
  }

  Vector<Finding> list_;
  std::uint64_t suppressed_ = 0;
};

void write_text(Sink sink, const Findings& findings) {
  const Options& options = command_line::options();
  TextReportOptions text{.error_summary = options.error_summary,
                         .grouping = options.group,
                         .explain = options.explain};
  findings::fill_in(text);
  text.suppressed += findings.suppressed();
  write_text_report(sink, findings.list(), {{stacks::text, nullptr}, run::places()}, text);
}

// Prints each group separately through the core: as XML, or with its suppression.
void print_each(const Findings& findings, Grouping grouping) {
  for_each_group(findings.list(), grouping,
                 [](const Group& g) { errors::print_group(g, errors::Debugger::StaysAway); });
}

// The files of mappings that have ended; null as long as there are none.
constinit MappedParts* g_ended = nullptr;

void write_xml(const Findings& findings) {
  print_each(findings, command_line::options().group);
  MappedParts mapped;
  run::machine().pmem().for_each_mapping(
      [&](GuestRange mapping) { mapped.add(mapping, run::places()); });
  if (g_ended != nullptr) mapped.add_files_of(*g_ended);
  write_xml_mappings(output::xml(), mapped, run::places());
}

}  // namespace

void mapping_ends(GuestRange range) {
  if (!VG_(clo_xml)) return;
  if (g_ended == nullptr)
    g_ended = ::new (host_allocate(sizeof *g_ended, "ended mappings")) MappedParts;
  run::machine().pmem().for_each_part(range,
                                      [](GuestRange part) { g_ended->add(part, run::places()); });
}

void write_report(Sink sink) {
  write_text(sink, Findings(StackId::None, errors::Counted::No));
}

void write_pending(Sink sink) {
  Vector<Finding> findings;
  find_not_persisted(run::machine(), GuestRange::everything(), StackId::None, stacks::same_place,
                     findings);
  write_text_report(sink, {findings.begin(), findings.size()},
                    {{stacks::text, nullptr}, run::places()}, {.error_summary = false});
}

void report_now() {
  output::log().write("\n");
  write_report(output::log());
  output::log().write("\n");
}

void report_at_exit() {
  const Findings findings(StackId::None, errors::Counted::Yes);
  if (!command_line::options().print_summary) return;
  if (VG_(clo_xml)) return write_xml(findings);
  if (errors::wants_suppressions()) print_each(findings, Grouping::yes);
  // The core ends its own messages with an empty line, except with -q.
  if (VG_(clo_verbosity) == 0) output::log().write("\n");
  write_text(output::log(), findings);
}

void report_before_exec(StackId stack) {
  if (!command_line::options().print_summary) return;
  // Nothing is counted: either exec succeeds and this process never exits, or the program
  // continues.
  const Findings findings(stack, errors::Counted::No);
  if (VG_(clo_xml)) return write_xml(findings);
  output::log().write("\n");
  write_text(output::log(), findings);
  output::log().write("\n");
}

void write_mappings(Sink sink) {
  Formatter out(sink);
  std::uint64_t number = 0;
  run::machine().pmem().for_each_mapping([&](GuestRange mapping) {
    out << "[" << number++ << "] Mapping base: " << Hex{mapping.begin}
        << "\tsize: " << mapping.size() << "\n";
  });
}

void print_mappings() {
  write_mappings(output::log());
}

}  // namespace pmemcheck::reporting
