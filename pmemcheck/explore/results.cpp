// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/results.h"

#include <algorithm>
#include <sstream>

#include "pmemcheck/explore/input/recording.h"

namespace pmemcheck::explore {

namespace {

constexpr const char* kHead = "pmemcheck-explore results 1";

// A text on a line of its own: what would end the line is escaped.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '\n' ? "\\n" : c == '\\' ? "\\\\" : std::string(1, c);
  return result;
}

std::string unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); i++) {
    if (text[i] != '\\' || i + 1 == text.size())
      result += text[i];
    else
      result += text[++i] == 'n' ? '\n' : text[i];
  }
  return result;
}

void read_failure(std::istream& line, Failure& failure) {
  int kind = 0, left_children = 0;
  line >> failure.point >> std::hex >> failure.hash.low >> failure.hash.high >> std::dec >> kind >>
      failure.verdict.number >> left_children;
  failure.verdict.kind = VerdictKind{static_cast<std::uint8_t>(kind)};
  failure.verdict.left_children = left_children != 0;
  std::uint32_t part = 0, version = 0;
  char colon = 0;
  while (line >> part >> colon >> version) failure.choice.emplace_back(part, version);
  if (line.eof()) line.clear();
}

}  // namespace

Choice Failure::full_choice(std::size_t parts) const {
  Choice full(parts, 0);
  for (const auto& [part, version] : choice)
    if (part < parts) full[part] = version;
  return full;
}

void Tally::add_share(const Tally& other) {
  checked += other.checked;
  equal += other.equal;
  left_children += other.left_children;
}

void Results::join(const Results& other) {
  tally.add_share(other.tally);
  is_whole = is_whole && other.is_whole;
  done.insert(done.end(), other.done.begin(), other.done.end());
  failures.insert(failures.end(), other.failures.begin(), other.failures.end());
  std::stable_sort(failures.begin(), failures.end(), [](const Failure& a, const Failure& b) {
    return a.point != b.point ? a.point < b.point : a.hash < b.hash;
  });
}

void write_results(std::ostream& out, const Results& r) {
  out << kHead << "\ntrace " << escaped(r.trace) << "\ntrace-bytes " << r.trace_bytes << "\n";
  for (const std::string& word : r.words) out << "word " << escaped(word) << "\n";
  out << "share " << r.share << " " << r.shares << " " << r.is_whole << "\n";
  for (const std::uint64_t done : r.done) out << "done " << done << "\n";
  const Tally& t = r.tally;
  out.precision(17);
  out << "tally " << t.points << " " << t.repeated_points;
  for (const std::uint64_t count : t.by_strength) out << " " << count;
  out << " " << t.lines << " " << t.parts << " " << t.incomplete_parts << " "
      << std::min(t.possible, 1e300) << " " << t.listed << " " << t.checked << " " << t.equal << " "
      << t.left_children << "\n";
  for (const Failure& f : r.failures) {
    out << "failure " << f.point << " " << std::hex << f.hash.low << " " << f.hash.high << std::dec
        << " " << static_cast<int>(f.verdict.kind) << " " << f.verdict.number << " "
        << f.verdict.left_children;
    for (const auto& [part, version] : f.choice) out << " " << part << ":" << version;
    out << "\n";
  }
  out << "end\n";
}

Results read_results(std::istream& in, const std::string& path) {
  Results r;
  std::string text;
  if (!std::getline(in, text) || text != kHead)
    throw UserError(path + ": not what --results of this version writes (its first line is not \"" +
                    kHead + "\")");
  int number = 1;
  while (std::getline(in, text)) {
    number++;
    if (text == "end") return r;
    const std::size_t space = text.find(' ');
    const std::string key = text.substr(0, space);
    const std::string rest = space == std::string::npos ? "" : text.substr(space + 1);
    std::istringstream line(rest);
    if (key == "trace") {
      r.trace = unescaped(rest);
    } else if (key == "word") {
      r.words.push_back(unescaped(rest));
    } else if (key == "trace-bytes") {
      line >> r.trace_bytes;
    } else if (key == "share") {
      line >> r.share >> r.shares >> r.is_whole;
    } else if (key == "done") {
      line >> r.done.emplace_back();
    } else if (key == "tally") {
      Tally& t = r.tally;
      line >> t.points >> t.repeated_points;
      for (std::uint64_t& count : t.by_strength) line >> count;
      line >> t.lines >> t.parts >> t.incomplete_parts >> t.possible >> t.listed >> t.checked >>
          t.equal >> t.left_children;
    } else if (key == "failure") {
      read_failure(line, r.failures.emplace_back());
    } else {
      line.setstate(std::ios::failbit);
    }
    if (line.fail()) throw UserError(path + ":" + std::to_string(number) + ": cannot be read");
  }
  throw UserError(path + ": has no end: it was not written to its end");
}

}  // namespace pmemcheck::explore
