// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/reporting.h"

#include "pmemcheck/base/format.h"
#include "pmemcheck/report/text_report.h"
#include "pmemcheck/rules/not_persisted.h"
#include "pmemcheck/rules/transactions.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/output.h"
#include "pmemcheck/valgrind/runtime.h"
#include "pmemcheck/valgrind/stacks.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::reporting {

namespace {

// `unmapped_at`: where all that is still mapped goes, or None.
void write_report(Sink sink, StackId unmapped_at) {
  Vector<Finding> lost, findings;
  for (const Finding& f : runtime::findings())
    (f.kind == FindingKind::NotPersisted ? lost : findings).push_back(f);
  find_not_persisted(runtime::machine(), GuestRange::everything(), unmapped_at, stacks::same_place,
                     lost);
  sort_by_address(lost);
  for (const Finding& f : lost) findings.push_back(f);
  find_active_transactions(runtime::transactions(), findings);
  write_text_report(sink, {findings.begin(), findings.size()}, StackWords(stacks::words, nullptr),
                    {.error_summary = command_line::options().error_summary});
}

}  // namespace

void write_report(Sink sink) {
  write_report(sink, StackId::None);
}

void write_pending(Sink sink) {
  Vector<Finding> findings;
  find_not_persisted(runtime::machine(), GuestRange::everything(), StackId::None,
                     stacks::same_place, findings);
  write_text_report(sink, {findings.begin(), findings.size()}, StackWords(stacks::words, nullptr),
                    {.error_summary = false});
}

void report_now() {
  output::log().write("\n");
  write_report(output::log());
  output::log().write("\n");
}

void report_at_exit() {
  // The core ends its own story with an empty line, but for -q.
  if (VG_(clo_verbosity) == 0) output::log().write("\n");
  write_report(output::log());
}

void report_before_exec(StackId stack) {
  if (!command_line::options().print_summary) return;
  output::log().write("\n");
  write_report(output::log(), stack);
  output::log().write("\n");
}

void write_mappings(Sink sink) {
  Formatter out(sink);
  std::uint64_t number = 0;
  runtime::machine().pmem().for_each_mapping([&](GuestRange mapping) {
    out << "[" << number++ << "] Mapping base: " << Hex{mapping.begin}
        << "\tsize: " << mapping.size() << "\n";
  });
}

void print_mappings() {
  write_mappings(output::log());
}

}  // namespace pmemcheck::reporting
