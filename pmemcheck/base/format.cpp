// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/format.h"

namespace pmemcheck {

Formatter& Formatter::operator<<(std::string_view text) {
  for (const char c : text) {
    if (used_ == sizeof buffer_) flush();
    buffer_[used_++] = c;
    if (c == '\n') flush();
  }
  return *this;
}

Formatter& Formatter::operator<<(std::uint64_t decimal) {
  number(decimal, 10);
  return *this;
}

Formatter& Formatter::operator<<(Hex hex) {
  *this << "0x";
  number(hex.value, 16);
  return *this;
}

void Formatter::flush() {
  if (used_ != 0) sink_.write(std::string_view(buffer_, used_));
  used_ = 0;
}

void Formatter::number(std::uint64_t value, unsigned base) {
  char digits[20];  // 2^64 - 1 has 20 decimal digits
  std::size_t first = sizeof digits;
  do {
    digits[--first] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  *this << std::string_view(digits + first, sizeof digits - first);
}

}  // namespace pmemcheck
