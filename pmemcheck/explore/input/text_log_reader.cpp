// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/text_log_reader.h"

#include <algorithm>
#include <charconv>

#include "pmemcheck/base/check.h"
#include "pmemcheck/explore/input/user_error.h"

namespace pmemcheck::explore {

namespace {

// RETURNS: the line without Valgrind's ==pid== in front of it.
std::string_view without_prefix(std::string_view line) {
  if (!line.starts_with("==")) return line;
  const std::size_t end = line.find("== ", 2);
  return end == std::string_view::npos ? line : line.substr(end + 3);
}

bool is_of_the_log(std::string_view line) {
  return line.starts_with("START|") || line == "START" || line.starts_with("|");
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// Calls visit(line) for each line, until it returns false.
template <class Visit>
void for_each_line(std::string_view file, Visit visit) {
  while (!file.empty()) {
    const std::size_t end = file.find('\n');
    if (!visit(file.substr(0, end)) || end == std::string_view::npos) return;
    file.remove_prefix(end + 1);
  }
}

}  // namespace

bool looks_like_text_log(std::string_view file) {
  bool found = false;
  int lines = 0;
  for_each_line(file.substr(0, 1 << 20), [&](std::string_view line) {
    found = is_of_the_log(without_prefix(line));
    return !found && ++lines < 1000;
  });
  return found;
}

void TextLogReader::read(std::string_view file, const std::string& path) {
  PM_CHECK(line_ == 0 && records_.empty());
  path_ = path;
  records_.push_back({.kind = RecordKind::Rules});
  records_.push_back({.kind = RecordKind::Thread, .thread = ThreadNo{1}});
  bool is_ended = false;
  for_each_line(file, [&](std::string_view whole) {
    line_++;
    const std::string_view line = without_prefix(whole);
    if (!is_of_the_log(line)) return true;
    for (const std::string_view record : split(line, '|')) {
      if (record.empty() || record == "START") continue;
      is_ended = record == "STOP";
      if (!is_ended) read_record(record);
    }
    return true;
  });
  if (!is_ended)
    notices_.push_back("the log has no STOP: the run was killed, or the log is incomplete");
  records_.push_back({.kind = RecordKind::End});
  for (TraceRecord& record : records_) record.thread = ThreadNo{1};
}

void TextLogReader::read_record(std::string_view text) {
  const std::vector<std::string_view> fields = split(text, ';');
  const auto range = [&] {
    if (fields.size() < 3) fail("an address and a size: " + std::string(text));
    return GuestRange::of(GuestAddr(number(fields[1])), number(fields[2]));
  };
  if (fields[0] == "STORE")
    store(fields);
  else if (fields[0] == "FLUSH")
    records_.push_back({.kind = RecordKind::WeakFlush, .range = range()});
  else if (text == "FENCE")
    records_.push_back({.kind = RecordKind::Fence});
  else if (fields[0] == "REGISTER_FILE")
    register_file(fields);
  else if (fields[0] != "DEEP_SYNC")  // it has separate records for its flushes
    records_.push_back({.kind = RecordKind::Marker, .text = strings_.emplace_back(text)});
}

void TextLogReader::store(const std::vector<std::string_view>& fields) {
  if (fields.size() < 4) fail("STORE;address;value;size");
  const std::uint64_t value = number(fields[2]);
  const std::uint64_t bytes = number(fields[3]);
  if (bytes == 0 || bytes > 8) fail("a store of 1 to 8 bytes");
  std::string& data = strings_.emplace_back();
  for (unsigned i = 0; i < bytes; i++) data += static_cast<char>(value >> 8 * i);
  const StackId stack = stack_of(fields, 4);
  records_.push_back({.kind = RecordKind::Store,
                      .stack = stack,
                      .range = GuestRange::of(GuestAddr(number(fields[1])), bytes),
                      .data = {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()}});
}

// The fields from `first` on are the frames of a stack.
StackId TextLogReader::stack_of(const std::vector<std::string_view>& fields, std::size_t first) {
  std::string words;
  for (std::size_t i = first; i < fields.size(); i++)
    words += (i == first ? "   at " : "   by ") + std::string(fields[i]) + "\n";
  if (words.empty()) return StackId::None;
  const auto [entry, is_new] =
      stacks_.try_emplace(words, StackId{static_cast<std::uint32_t>(stacks_.size() + 1)});
  if (is_new)
    records_.push_back(
        {.kind = RecordKind::Stack, .stack = entry->second, .text = strings_.emplace_back(words)});
  return entry->second;
}

void TextLogReader::register_file(const std::vector<std::string_view>& fields) {
  if (fields.size() < 5) fail("REGISTER_FILE;path;base;size;offset");
  const std::string path(fields[1]);
  const GuestAddr base(number(fields[2]));
  const std::uint64_t bytes = number(fields[3]), offset = number(fields[4]);
  auto image = images_.find(path);
  if (image == images_.end()) image = images_.find(path.substr(path.rfind('/') + 1));
  std::span<const std::uint8_t> before;
  if (image != images_.end())
    before = files_.emplace_back(image->second).bytes();
  else
    notices_.push_back("no --image " + path +
                       "=COPY: the file is assumed to have been empty before the run");

  TraceRecord map{.kind = RecordKind::Map, .range = GuestRange::of(base, bytes)};
  map.mapping = {.range = map.range,
                 .file_offset = offset,
                 .file_bytes = std::max<std::uint64_t>(offset + bytes, before.size()),
                 .path = strings_.emplace_back(path)};
  records_.push_back(map);
  if (before.size() <= offset) return;
  before = before.subspan(offset, std::min<std::size_t>(bytes, before.size() - offset));
  constexpr std::size_t kPageBytes = 4096;
  for (std::size_t at = 0; at < before.size(); at += kPageBytes) {
    const auto page = before.subspan(at, std::min(kPageBytes, before.size() - at));
    if (std::all_of(page.begin(), page.end(), [](std::uint8_t b) { return b == 0; })) continue;
    records_.push_back({.kind = RecordKind::Contents,
                        .range = GuestRange::of(base + at, page.size()),
                        .data = page});
  }
}

std::uint64_t TextLogReader::number(std::string_view text) const {
  std::uint64_t value = 0;
  if (!text.starts_with("0x")) fail("a number that begins with 0x: " + std::string(text));
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + 2, end, value, 16);
  if (error != std::errc() || at != end) fail("a hexadecimal number: " + std::string(text));
  return value;
}

void TextLogReader::fail(const std::string& wanted) const {
  throw UserError(path_ + ":" + std::to_string(line_) + ": want " + wanted);
}

}  // namespace pmemcheck::explore
