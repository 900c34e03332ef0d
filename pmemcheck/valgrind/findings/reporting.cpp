// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/findings/reporting.h"

#include <new>

#include "pmemcheck/base/format.h"
#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/host.h"
#include "pmemcheck/report/text_report.h"
#include "pmemcheck/report/xml_report.h"
#include "pmemcheck/rules/not_persisted.h"
#include "pmemcheck/rules/transactions.h"
#include "pmemcheck/valgrind/command_line.h"
#include "pmemcheck/valgrind/findings/errors.h"
#include "pmemcheck/valgrind/findings/findings.h"
#include "pmemcheck/valgrind/output.h"
#include "pmemcheck/valgrind/places.h"
#include "pmemcheck/valgrind/run.h"
#include "pmemcheck/valgrind/stacks/stacks.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::reporting {

namespace {

// All that there is to tell as of now.
class Findings {
 public:
  // `unmapped_at`: where all that is still mapped goes, or None.  `counted`: what is not certain
  // yet, and so is not counted yet.
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
  write_text_report(sink, findings.list(), {{stacks::words, nullptr}, {places::words, nullptr}},
                    text);
}

// Each by itself, by way of the core: as XML, or with its suppression.
void tell_each(const Findings& findings, Grouping grouping) {
  for_each_group(findings.list(), grouping,
                 [](const Group& g) { errors::tell(g, errors::Debugger::StaysAway); });
}

// What was persistent memory; a part of a file once, however often it was mapped.
class Mapped {
 public:
  void add(GuestRange mapping) {
    const auto add_part = [](void* self, GuestRange range, Place place) {
      static_cast<Mapped*>(self)->add({range, place});
    };
    places::for_each_part(mapping, add_part, this);
  }
  void add_files(const Mapped& other) {
    for (const MappedPart& part : other.parts_)
      if (part.place.file != 0) add(part);
  }
  std::span<const MappedPart> parts() const { return {parts_.begin(), parts_.size()}; }

 private:
  void add(const MappedPart& part) {
    if (part.place.file != 0) {
      std::uint64_t hash = part.place.file;
      for (const std::uint64_t value : {part.place.offset, part.range.size()})
        hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
      bool& is_known = known_.get(hash);
      if (is_known) return;
      is_known = true;
    }
    parts_.push_back(part);
  }

  Vector<MappedPart> parts_;
  HashMap<bool> known_;  // by a hash of file, offset and size
};
constinit Mapped* g_gone = nullptr;

void write_xml(const Findings& findings) {
  tell_each(findings, command_line::options().group);
  Mapped mapped;
  run::machine().pmem().for_each_mapping([&](GuestRange mapping) { mapped.add(mapping); });
  if (g_gone != nullptr) mapped.add_files(*g_gone);
  write_xml_mappings(output::xml(), mapped.parts(), {places::words, nullptr});
}

}  // namespace

void mapping_goes(GuestRange range) {
  if (!VG_(clo_xml)) return;
  if (g_gone == nullptr) g_gone = ::new (host_allocate(sizeof *g_gone, "gone mappings")) Mapped;
  run::machine().pmem().for_each_part(range, [](GuestRange part) { g_gone->add(part); });
}

void write_report(Sink sink) {
  write_text(sink, Findings(StackId::None, errors::Counted::No));
}

void write_pending(Sink sink) {
  Vector<Finding> findings;
  find_not_persisted(run::machine(), GuestRange::everything(), StackId::None, stacks::same_place,
                     findings);
  write_text_report(sink, {findings.begin(), findings.size()},
                    {{stacks::words, nullptr}, {places::words, nullptr}}, {.error_summary = false});
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
  if (errors::wants_suppressions()) tell_each(findings, Grouping::yes);
  // The core ends its own story with an empty line, but for -q.
  if (VG_(clo_verbosity) == 0) output::log().write("\n");
  write_text(output::log(), findings);
}

void report_before_exec(StackId stack) {
  if (!command_line::options().print_summary) return;
  // Nothing is counted: this process will have no exit status, or goes on.
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
