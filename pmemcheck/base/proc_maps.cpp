// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/proc_maps.h"

#include <limits>

#include "pmemcheck/base/check.h"

namespace pmemcheck {

namespace {

// RETURNS: the digit's value, or 16 if it is no digit.
constexpr unsigned value_of_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  return c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10) : 16;
}

// Reads a line field by field.  After a field that is not what was asked for, is_bad() stays true.
class FieldReader {
 public:
  explicit FieldReader(std::string_view line) : rest_(line) {}

  // Reads a number of at least one digit, which is at most `most`.  REQUIRES: most >= base - 1.
  std::uint64_t number(unsigned base, std::uint64_t most) {
    std::uint64_t value = 0;
    if (rest_.empty() || value_of_digit(rest_[0]) >= base) bad_ = true;
    while (!rest_.empty() && value_of_digit(rest_[0]) < base) {
      const unsigned digit = value_of_digit(rest_[0]);
      if (value > (most - digit) / base) bad_ = true;
      value = value * base + digit;
      rest_.remove_prefix(1);
    }
    return value;
  }
  std::uint64_t number(unsigned base) {
    return number(base, std::numeric_limits<std::uint64_t>::max());
  }
  // Reads the character `wanted`.
  void character(char wanted) { flag(wanted, wanted); }
  // Reads one of two characters.  RETURNS: whether it is `yes`.
  bool flag(char yes, char no) {
    const char c = rest_.empty() ? '\0' : rest_[0];
    if (rest_.empty() || (c != yes && c != no)) bad_ = true;
    if (!rest_.empty()) rest_.remove_prefix(1);
    return c == yes;
  }
  // RETURNS: all that is left, without the blanks in front.
  std::string_view rest() {
    while (!rest_.empty() && rest_[0] == ' ') rest_.remove_prefix(1);
    return rest_;
  }
  bool is_at_end() const { return rest_.empty(); }
  bool is_bad() const { return bad_; }

 private:
  std::string_view rest_;
  bool bad_ = false;
};

}  // namespace

bool parse_proc_maps_line(std::string_view line, ProcMapsLine* parsed) {
  PM_CHECK(parsed != nullptr);
  constexpr std::uint64_t kMost32 = std::numeric_limits<std::uint32_t>::max();
  FieldReader fields(line);
  ProcMapsLine result;
  result.range.begin = GuestAddr(fields.number(16));
  fields.character('-');
  result.range.end = GuestAddr(fields.number(16));
  fields.character(' ');
  result.can_read = fields.flag('r', '-');
  result.can_write = fields.flag('w', '-');
  result.can_execute = fields.flag('x', '-');
  result.is_shared = fields.flag('s', 'p');
  fields.character(' ');
  result.offset = fields.number(16);
  fields.character(' ');
  result.device_major = static_cast<std::uint32_t>(fields.number(16, kMost32));
  fields.character(':');
  result.device_minor = static_cast<std::uint32_t>(fields.number(16, kMost32));
  fields.character(' ');
  result.inode = fields.number(10);
  if (!fields.is_at_end()) fields.character(' ');
  if (fields.is_bad() || result.range.begin >= result.range.end) return false;
  result.path = fields.rest();
  *parsed = result;
  return true;
}

}  // namespace pmemcheck
