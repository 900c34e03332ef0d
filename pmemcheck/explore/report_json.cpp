// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>
#include <string_view>

#include <nlohmann/json.hpp>

#include "pmemcheck/explore/report.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck::explore {

namespace {

using Json = nlohmann::ordered_json;

// What a checker prints, and the names of files, need not be UTF-8: bad bytes are replaced.
void write(std::ostream& out, const Json& json) {
  out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n";
}

// RETURNS: the frames, without the "   at " or "   by " in front of each.
Json stack_of(const std::vector<std::string_view>& frames) {
  Json stack = Json::array();
  for (const std::string_view frame : frames)
    stack.push_back(frame.size() > 6 ? frame.substr(6) : frame);
  return stack;
}

Json stores_of(const Report& report, const std::vector<DecisiveStore>& stores) {
  Json all = Json::array();
  for (const DecisiveStore& s : stores)
    all.push_back({{"file", s.file},
                   {"offset", s.offset},
                   {"bytes", s.bytes},
                   {"thread", static_cast<std::uint64_t>(s.thread)},
                   {"non_temporal", s.is_non_temporal},
                   {"flushed", s.flushed_at != 0},
                   {"names", s.names},
                   {"stack", stack_of(report.recording.frames(s.stack))}});
  return all;
}

std::string_view barrier_name(BarrierKind kind) {
  switch (kind) {
  case BarrierKind::Fence: return "fence";
  case BarrierKind::StrongFlush: return "clflush";
  case BarrierKind::Persist: return "sync";
  case BarrierKind::EadrStore: return "store";
  case BarrierKind::End: return "end";
  }
  return "";
}

Json coverage_of(const Tally& t) {
  Json coverage = {
      {"points", t.points},
      {"repeated_points", t.repeated_points},
      {"lines", t.lines},
      {"parts", t.parts},
      {"incomplete_parts", t.incomplete_parts},
      {"possible_states_log10",
       static_cast<std::uint64_t>(t.possible >= 1 ? std::log10(t.possible) : 0)},
      {"chosen_states", t.listed},
      {"checked_images", t.checked},
      {"equal_states", t.equal},
      {"checks_that_left_processes", t.left_children},
  };
  if (t.possible < 1e15) coverage["possible_states"] = static_cast<std::uint64_t>(t.possible);
  const char* const names[] = {"some", "pairs", "triples", "all"};
  for (int i = 0; i < 4; i++) coverage["points_by_strength"][names[i]] = t.by_strength[i];
  return coverage;
}

Json failure_of(const Report& report, const Cause& cause) {
  return {{"id", cause.id},
          {"point", cause.point},
          {"images", cause.states},
          {"verdict", verdict_text(cause.verdict)},
          {"before",
           {{"kind", barrier_name(cause.barrier.kind)},
            {"thread", static_cast<std::uint64_t>(cause.barrier.thread)},
            {"stack", stack_of(report.recording.frames(cause.barrier.stack))}}},
          {"kept", stores_of(report, cause.kept)},
          {"lost", stores_of(report, cause.lost)},
          {"output", cause.output}};
}

}  // namespace

void write_json(std::ostream& out, const Report& report) {
  Json failures = Json::array();
  for (const Cause& cause : report.causes) failures.push_back(failure_of(report, cause));
  write(out, {{"tool", "pmemcheck-explore"},
              {"version", PMEMCHECK_VERSION},
              {"trace", report.recording.path()},
              {"whole", report.results.is_whole},
              {"share", report.results.share},
              {"shares", report.results.shares},
              {"coverage", coverage_of(report.results.tally)},
              {"failed_images", report.results.failures.size()},
              {"failures", failures}});
}

void write_tables(std::ostream& out) {
  Json records = Json::array(), findings = Json::array();
#define PM_TRACE_RECORD(Id, code, fields)                                                          \
  records.push_back({{"name", #Id}, {"code", code}, {"fields", fields}});
#include "pmemcheck/tables/trace_records.def"
#undef PM_TRACE_RECORD
  for (const FindingInfo& info : kFindings)
    findings.push_back({{"name", info.name},
                        {"severity", kSeverityNames[static_cast<std::size_t>(info.severity)]},
                        {"title", info.title},
                        {"hint", info.hint}});
  write(out, {{"version", PMEMCHECK_VERSION},
              {"trace_format", kTraceFormat},
              {"trace_records", records},
              {"findings", findings}});
}

}  // namespace pmemcheck::explore
