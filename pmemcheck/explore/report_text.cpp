// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>
#include <sstream>

#include "pmemcheck/base/check.h"
#include "pmemcheck/explore/report.h"

namespace pmemcheck::explore {

namespace {

std::string counted(std::uint64_t number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

std::string rounded(double number) {
  std::ostringstream out;
  if (!std::isfinite(number) || number >= 1e300) return "more than 10^300";
  if (number < 1e15)
    out << static_cast<std::uint64_t>(number);
  else
    out << "about 10^" << static_cast<int>(std::log10(number));
  return out.str();
}

std::string hex(std::uint64_t number) {
  std::ostringstream out;
  out << "0x" << std::hex << number;
  return out.str();
}

void write_stack(std::ostream& out, const std::vector<std::string_view>& frames) {
  if (frames.empty()) out << "        (no stack was recorded)\n";
  for (const std::string_view frame : frames) out << "     " << frame << "\n";
}

const char* barrier_text(BarrierKind kind) {
  switch (kind) {
  case BarrierKind::Fence: return "a power failure before this fence:";
  case BarrierKind::StrongFlush: return "a power failure before this CLFLUSH:";
  case BarrierKind::Persist: return "a power failure before this msync, or a similar call:";
  case BarrierKind::EadrStore: return "a power failure before this store:";
  case BarrierKind::End: return "a power failure at the end of the run";
  }
  return "";
}

// RETURNS: the names, each in brackets.
std::string in_brackets(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += " (" + name + ")";
  return text;
}

void write_stores(std::ostream& out, const Report& report, const std::vector<DecisiveStore>& stores,
                  const char* what) {
  for (const DecisiveStore& s : stores) {
    out << "  " << what << ": " << counted(s.bytes, "byte", "bytes") << " at " << hex(s.offset)
        << " of " << s.file << in_brackets(s.names) << ", stored by thread "
        << static_cast<std::uint32_t>(s.thread) << (s.is_non_temporal ? ", non-temporal" : "")
        << "\n";
    write_stack(out, report.recording.frames(s.stack));
  }
}

// RETURNS: what the program lacks between the kept and the lost stores.
std::string hint_for(const Cause& cause) {
  if (cause.kept.empty() && cause.lost.empty())
    return "the check fails whichever pending stores are kept: look at what it checks, or at "
           "earlier failures";
  if (cause.lost.empty())
    return "no store was lost: the check fails when the stores above are kept but the program's "
           "later stores have not been made";
  if (cause.kept.empty()) return "durable data depends on these stores: persist them first";
  const auto by_number = [](const DecisiveStore& a, const DecisiveStore& b) {
    return a.store < b.store;
  };
  const DecisiveStore& kept = *std::min_element(cause.kept.begin(), cause.kept.end(), by_number);
  const DecisiveStore& lost = *std::min_element(cause.lost.begin(), cause.lost.end(), by_number);
  if (lost.store == kept.store)
    return "only a part of one store was kept: it crosses the boundary of 8 aligned bytes, or of a "
           "cache line";
  if (lost.store > kept.store)
    return "the lost store comes after the kept one: make it durable first, or let recovery cope "
           "without it";
  const bool was_flushed = lost.flushed_at != 0 && lost.flushed_at <= kept.store;
  if (was_flushed || lost.is_non_temporal)
    return "thread " + std::to_string(static_cast<std::uint32_t>(lost.thread)) +
           " has no fence between " +
           (lost.is_non_temporal ? "the lost non-temporal store" : "the flush of the lost store") +
           " and the kept store: fence there";
  return "nothing orders these stores: flush the lost one, and fence, before the kept one";
}

void write_coverage(std::ostream& out, const Report& report) {
  const Tally& t = report.results.tally;
  out << "looked at: " << counted(t.points, "failure point", "failure points");
  if (t.repeated_points != 0)
    out << " (" << t.repeated_points << " more skipped as repeats: --unique-stacks)";
  out << ", " << counted(t.lines, "pending line", "pending lines") << " in "
      << counted(t.parts, "part", "parts") << "\n";
  out << "states: " << rounded(t.possible) << " possible, " << t.listed << " chosen\n";
  out << "images: " << t.checked << " checked, " << t.equal << " equal to one of these";
  if (report.results.shares > 1)
    out << ", in share " << report.results.share << " of " << report.results.shares;
  out << "\nstrength: ";
  const char* const names[] = {"some states", "every pair of parts", "every triple of parts",
                               "every state"};
  bool any = false;
  for (int i = 3; i >= 0; i--) {
    if (t.by_strength[i] == 0) continue;
    out << (any ? "; " : "") << names[i] << " at " << counted(t.by_strength[i], "point", "points");
    any = true;
  }
  out << (any ? "\n" : "nothing\n");
  if (t.incomplete_parts != 0)
    out << "incomplete: " << counted(t.incomplete_parts, "part", "parts") << " had more than "
        << report.arguments.scope.max_versions << " versions (--max-versions)\n";
  if (t.left_children != 0)
    out << "note: " << counted(t.left_children, "check", "checks")
        << " left processes behind, which were killed\n";
  if (!report.results.is_whole) out << "incomplete: the run was ended early\n";
  if (const std::uint64_t unexplained = report.unexplained(); unexplained != 0)
    out << "incomplete: the causes of " << counted(unexplained, "failing image", "failing images")
        << " were not searched for: the run was ended early\n";
}

}  // namespace

std::uint64_t Report::unexplained() const {
  std::uint64_t explained = 0;
  for (const Cause& cause : causes) explained += cause.states;
  PM_CHECK(explained <= results.failures.size());
  return results.failures.size() - explained;
}

void write_cause(std::ostream& out, const Report& report, const Cause& cause) {
  if (cause.verdict.is_consistent())
    out << "  a second check found it consistent: the checker is not deterministic\n";
  else
    out << "  the check: " << verdict_text(cause.verdict) << "\n";
  out << "  after " << barrier_text(cause.barrier.kind) << "\n";
  if (cause.barrier.kind != BarrierKind::End)
    write_stack(out, report.recording.frames(cause.barrier.stack));
  write_stores(out, report, cause.kept, "kept");
  write_stores(out, report, cause.lost, "lost");
  out << "  hint: " << hint_for(cause) << "\n";
  if (cause.output.empty()) return;
  out << "  the check printed:\n";
  std::istringstream lines(cause.output);
  for (std::string line; std::getline(lines, line);) out << "    | " << line << "\n";
}

void write_text(std::ostream& out, const Report& report) {
  out << "pmemcheck-explore " PMEMCHECK_VERSION ": " << report.recording.path() << "\n";
  write_coverage(out, report);
  const std::uint64_t failed = report.results.failures.size();
  if (failed == 0) {
    out << "failures: none\n";
    return;
  }
  out << "failures: " << counted(failed, "image", "images");
  if (!report.causes.empty()) out << ", " << counted(report.causes.size(), "cause", "causes");
  out << "\n";
  for (std::size_t i = 0; i < report.causes.size(); i++) {
    const Cause& cause = report.causes[i];
    out << "\n[" << i << "] " << cause.id << ", point " << cause.point << ": "
        << counted(cause.states, "image fails", "images fail") << " because of this";
    if (cause.assumed != 0)
      out << " (" << cause.assumed << " of them judged by their stacks alone)";
    out << "\n";
    write_cause(out, report, cause);
  }
}

}  // namespace pmemcheck::explore
