// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/results.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "pmemcheck/base/check.h"
#include "pmemcheck/explore/input/user_error.h"

namespace pmemcheck::explore {

namespace {

constexpr const char* kHead = "pmemcheck-explore results 1";

// RETURNS: the text on one line.
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
  if (kind < 0 || kind > static_cast<int>(VerdictKind::TimedOut) || failure.point == 0)
    line.setstate(std::ios::failbit);
  failure.verdict.kind = VerdictKind{static_cast<std::uint8_t>(kind)};
  failure.verdict.left_children = left_children != 0;
  std::uint32_t part = 0, version = 0;
  char colon = 0;
  while (line >> part >> colon >> version) failure.choice.emplace_back(part, version);
  if (line.eof()) line.clear();
}

}  // namespace

bool Failure::is_of(const std::vector<const Part*>& all_parts) const {
  return std::all_of(choice.begin(), choice.end(), [&](const auto& chosen) {
    return chosen.first < all_parts.size() && chosen.second < all_parts[chosen.first]->levels();
  });
}

Choice Failure::full_choice(std::size_t parts) const {
  Choice full(parts, 0);
  for (const auto& [part, version] : choice) {
    PM_CHECK(part < parts);
    full[part] = version;
  }
  return full;
}

void Tally::add_share(const Tally& other) {
  checked += other.checked;
  equal += other.equal;
  left_children += other.left_children;
}

void Results::join(const Results& other) {
  PM_CHECK(&other != this);
  tally.add_share(other.tally);
  is_whole = is_whole && other.is_whole;
  done.insert(done.end(), other.done.begin(), other.done.end());
  failures.insert(failures.end(), other.failures.begin(), other.failures.end());
  std::stable_sort(failures.begin(), failures.end(), [](const Failure& a, const Failure& b) {
    return a.point != b.point ? a.point < b.point : a.hash < b.hash;
  });
}

void write_results(std::ostream& out, const Results& r) {
  PM_CHECK(!std::isnan(r.tally.possible) && 1 <= r.share && r.share <= r.shares);
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
    throw UserError(path + ": not written by --results of this version (its first line is not \"" +
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
      if (r.share < 1 || r.share > r.shares) line.setstate(std::ios::failbit);
    } else if (key == "done") {
      line >> r.done.emplace_back();
    } else if (key == "tally") {
      Tally& t = r.tally;
      line >> t.points >> t.repeated_points;
      for (std::uint64_t& count : t.by_strength) line >> count;
      line >> t.lines >> t.parts >> t.incomplete_parts >> t.possible >> t.listed >> t.checked >>
          t.equal >> t.left_children;
    } else if (key == "failure") {
      const std::uint64_t last = r.failures.empty() ? 0 : r.failures.back().point;
      read_failure(line, r.failures.emplace_back());
      if (r.failures.back().point < last) line.setstate(std::ios::failbit);
    } else {
      line.setstate(std::ios::failbit);
    }
    if (line.fail()) throw UserError(path + ":" + std::to_string(number) + ": malformed line");
  }
  throw UserError(path + ": incomplete: the run that wrote it was cut short");
}

}  // namespace pmemcheck::explore
