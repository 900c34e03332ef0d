// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>
#include <sstream>

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

const char* words_for(BarrierKind kind) {
  switch (kind) {
  case BarrierKind::Fence: return "a power failure before this fence:";
  case BarrierKind::StrongFlush: return "a power failure before this CLFLUSH:";
  case BarrierKind::Persist: return "a power failure before this msync, or its like:";
  case BarrierKind::EadrStore: return "a power failure before this store:";
  case BarrierKind::End: return "a power failure when the run had ended.";
  }
  return "";
}

// RETURNS: the names, each in brackets.
std::string in_brackets(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += " (" + name + ")";
  return text;
}

void write_tellings(std::ostream& out, const Report& report, const std::vector<Telling>& tellings,
                    const char* what) {
  for (const Telling& t : tellings) {
    out << "  " << what << ": " << counted(t.bytes, "byte", "bytes") << " at " << hex(t.offset)
        << " of " << t.file << in_brackets(t.names) << ", stored by thread "
        << static_cast<std::uint32_t>(t.thread) << (t.is_non_temporal ? " past the cache" : "")
        << "\n";
    write_stack(out, report.recording.frames(t.stack));
  }
}

// RETURNS: what is missing between the stores.
std::string hint_for(const Cause& cause) {
  if (cause.kept.empty() && cause.lost.empty())
    return "the check fails whatever of the pending stores is kept: look at what it checks, or at "
           "earlier failures";
  if (cause.lost.empty())
    return "nothing that had been stored was lost: the stores above are found without those that "
           "the program makes after them";
  if (cause.kept.empty())
    return "what was durable already cannot do without these stores: make them durable before it";
  const auto by_number = [](const Telling& a, const Telling& b) { return a.store < b.store; };
  const Telling& kept = *std::min_element(cause.kept.begin(), cause.kept.end(), by_number);
  const Telling& lost = *std::min_element(cause.lost.begin(), cause.lost.end(), by_number);
  if (lost.store == kept.store)
    return "one store, of which a part is kept: it crosses from one 8 bytes to the next, or from "
           "one cache line to the next";
  if (lost.store > kept.store)
    return "what is lost was stored later: make it durable first, or let recovery do without it";
  const bool was_flushed = lost.flushed_at != 0 && lost.flushed_at <= kept.store;
  if (was_flushed || lost.is_non_temporal)
    return "no fence of thread " + std::to_string(static_cast<std::uint32_t>(lost.thread)) +
           " comes between what it " +
           (lost.is_non_temporal ? "stored past the cache" : "flushed") +
           " and the store that is kept: fence there";
  return "nothing orders them: flush what is lost, and fence, before the store that is kept";
}

void write_coverage(std::ostream& out, const Report& report) {
  const Tally& t = report.results.tally;
  out << "looked at: " << counted(t.points, "failure point", "failure points");
  if (t.repeated_points != 0)
    out << " (" << t.repeated_points << " more were like others: --unique-stacks)";
  out << ", " << counted(t.lines, "pending line", "pending lines") << " in "
      << counted(t.parts, "part", "parts") << "\n";
  out << "states: " << rounded(t.possible) << " possible, " << t.listed << " chosen\n";
  out << "images: " << t.checked << " checked, " << t.equal << " equal to one of these";
  if (report.results.shares > 1)
    out << ", in share " << report.results.share << " of " << report.results.shares;
  out << "\nstrength: ";
  const char* const names[] = {"some states", "every pair of parts", "every three parts",
                               "every state"};
  bool any = false;
  for (int i = 3; i >= 0; i--) {
    if (t.by_strength[i] == 0) continue;
    out << (any ? "; " : "") << names[i] << " at " << counted(t.by_strength[i], "point", "points");
    any = true;
  }
  out << (any ? "\n" : "nothing\n");
  if (t.incomplete_parts != 0)
    out << "not all: " << counted(t.incomplete_parts, "part", "parts") << " had more than "
        << report.arguments.scope.max_versions << " versions (--max-versions)\n";
  if (t.left_children != 0)
    out << "note: " << counted(t.left_children, "check", "checks")
        << " left processes behind, which were killed\n";
  if (!report.results.is_whole) out << "not all: the run was ended early\n";
  std::uint64_t unexplained = report.results.failures.size();
  for (const Cause& cause : report.causes) unexplained -= cause.states;
  if (unexplained != 0)
    out << "not all: the causes of " << counted(unexplained, "failing image", "failing images")
        << " were not looked for: the run was ended early\n";
}

}  // namespace

void write_cause(std::ostream& out, const Report& report, const Cause& cause) {
  if (cause.verdict.is_consistent())
    out << "  checked again, it was consistent: the checker does not always say the same\n";
  else
    out << "  the check: " << words_for(cause.verdict) << "\n";
  out << "  after " << words_for(cause.barrier.kind) << "\n";
  if (cause.barrier.kind != BarrierKind::End)
    write_stack(out, report.recording.frames(cause.barrier.stack));
  write_tellings(out, report, cause.kept, "kept");
  write_tellings(out, report, cause.lost, "lost");
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
  if (!report.causes.empty()) out << ", of " << counted(report.causes.size(), "cause", "causes");
  out << "\n";
  for (std::size_t i = 0; i < report.causes.size(); i++) {
    const Cause& cause = report.causes[i];
    out << "\n[" << i << "] " << cause.id << ", point " << cause.point << ": "
        << counted(cause.states, "image fails", "images fail") << " by this";
    if (cause.assumed != 0) out << " (" << cause.assumed << " of them going by their stacks)";
    out << "\n";
    write_cause(out, report, cause);
  }
}

}  // namespace pmemcheck::explore
