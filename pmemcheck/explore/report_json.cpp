// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>
#include <cstdio>
#include <string_view>

#include "pmemcheck/explore/report.h"

namespace pmemcheck::explore {

namespace {

// JSON, written as it comes.
class JsonWriter {
 public:
  explicit JsonWriter(std::ostream& out) : out_(out) {}

  void begin(char bracket) {
    next();
    out_ << bracket;
    is_first_ = true;
  }
  void end(char bracket) {
    out_ << bracket;
    is_first_ = false;
  }
  void key(std::string_view name) {
    next();
    string(name);
    out_ << ": ";
    after_key_ = true;
  }
  void value(std::string_view text) {
    next();
    string(text);
  }
  void value(std::uint64_t number) {
    next();
    out_ << number;
  }
  void value(bool truth) {
    next();
    out_ << (truth ? "true" : "false");
  }
  template <class T>
  void member(std::string_view name, T v) {
    key(name);
    value(v);
  }

 private:
  void next() {
    if (!is_first_ && !after_key_) out_ << ", ";
    is_first_ = after_key_ = false;
  }
  void string(std::string_view text) {
    out_ << '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        out_ << '\\' << c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\u%04x", c);
        out_ << escape;
      } else {
        out_ << c;
      }
    }
    out_ << '"';
  }

  std::ostream& out_;
  bool is_first_ = true, after_key_ = false;
};

void write_stack(JsonWriter& json, std::string_view words) {
  json.begin('[');
  while (!words.empty()) {
    const std::size_t end = std::min(words.find('\n'), words.size());
    // "   at " or "   by "
    const std::string_view line = words.substr(0, end);
    json.value(line.size() > 6 ? line.substr(6) : line);
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  json.end(']');
}

void write_tellings(JsonWriter& json, const Report& report, const std::vector<Telling>& tellings) {
  json.begin('[');
  for (const Telling& t : tellings) {
    json.begin('{');
    json.member("file", std::string_view(t.file));
    json.member("offset", t.offset);
    json.member("bytes", t.bytes);
    json.member("thread", static_cast<std::uint64_t>(t.thread));
    json.member("non_temporal", t.is_non_temporal);
    json.member("flushed", t.flushed_at != 0);
    json.key("names");
    json.begin('[');
    for (const std::string& name : t.names) json.value(std::string_view(name));
    json.end(']');
    json.key("stack");
    write_stack(json, report.recording.words(t.stack));
    json.end('}');
  }
  json.end(']');
}

std::string_view name_of(BarrierKind kind) {
  switch (kind) {
  case BarrierKind::Fence: return "fence";
  case BarrierKind::StrongFlush: return "clflush";
  case BarrierKind::Persist: return "sync";
  case BarrierKind::EadrStore: return "store";
  case BarrierKind::End: return "end";
  }
  return "";
}

void write_tally(JsonWriter& json, const Tally& t) {
  json.begin('{');
  json.member("points", t.points);
  json.member("repeated_points", t.repeated_points);
  json.member("lines", t.lines);
  json.member("parts", t.parts);
  json.member("incomplete_parts", t.incomplete_parts);
  json.key("possible_states_log10");
  json.value(static_cast<std::uint64_t>(t.possible >= 1 ? std::log10(t.possible) : 0));
  if (t.possible < 1e15) json.member("possible_states", static_cast<std::uint64_t>(t.possible));
  json.member("chosen_states", t.listed);
  json.member("checked_images", t.checked);
  json.member("equal_states", t.equal);
  json.member("checks_that_left_processes", t.left_children);
  json.key("points_by_strength");
  json.begin('{');
  const std::string_view names[] = {"some", "pairs", "triples", "all"};
  for (int i = 0; i < 4; i++) json.member(names[i], t.by_strength[i]);
  json.end('}');
  json.end('}');
}

}  // namespace

void write_json(std::ostream& out, const Report& report) {
  JsonWriter json(out);
  json.begin('{');
  json.member("tool", std::string_view("pmemcheck-explore"));
  json.member("version", std::string_view(PMEMCHECK_VERSION));
  json.member("trace", std::string_view(report.recording.path()));
  json.member("whole", report.results.is_whole);
  json.member("share", report.results.share);
  json.member("shares", report.results.shares);
  json.key("coverage");
  write_tally(json, report.results.tally);
  json.member("failed_images", static_cast<std::uint64_t>(report.results.failures.size()));
  json.key("failures");
  json.begin('[');
  for (const Cause& cause : report.causes) {
    json.begin('{');
    json.member("id", std::string_view(cause.id));
    json.member("point", cause.point);
    json.member("images", cause.states);
    json.member("verdict", std::string_view(words_for(cause.verdict)));
    json.key("before");
    json.begin('{');
    json.member("kind", name_of(cause.barrier.kind));
    json.member("thread", static_cast<std::uint64_t>(cause.barrier.thread));
    json.key("stack");
    write_stack(json, report.recording.words(cause.barrier.stack));
    json.end('}');
    json.key("kept");
    write_tellings(json, report, cause.kept);
    json.key("lost");
    write_tellings(json, report, cause.lost);
    json.member("output", std::string_view(cause.output));
    json.end('}');
  }
  json.end(']');
  json.end('}');
  out << "\n";
}

void write_tables(std::ostream& out) {
  JsonWriter json(out);
  json.begin('{');
  json.member("version", std::string_view(PMEMCHECK_VERSION));
  json.member("trace_format", std::uint64_t{kTraceFormat});
  json.key("log_records");
  json.begin('[');
  const auto record = [&](std::string_view name, std::uint64_t code, std::string_view fields) {
    json.begin('{');
    json.member("name", name);
    json.member("code", code);
    json.member("fields", fields);
    json.end('}');
  };
#define PM_LOG_RECORD(Id, code, fields) record(#Id, code, fields);
#include "pmemcheck/tables/log_records.def"
#undef PM_LOG_RECORD
  json.end(']');
  json.key("findings");
  json.begin('[');
  const auto finding = [&](std::string_view name, std::string_view severity, std::string_view title,
                           std::string_view hint) {
    json.begin('{');
    json.member("name", name);
    json.member("severity", severity);
    json.member("title", title);
    json.member("hint", hint);
    json.end('}');
  };
#define PM_FINDING(Id, severity, count, heading, title, hint) finding(#Id, #severity, title, hint);
#include "pmemcheck/tables/findings.def"
#undef PM_FINDING
  json.end(']');
  json.end('}');
  out << "\n";
}

}  // namespace pmemcheck::explore
