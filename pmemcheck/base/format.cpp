// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/format.h"

#include <algorithm>
#include <cstring>

namespace pmemcheck {

std::string_view to_text(std::uint64_t decimal, char (&buffer)[kNumberChars]) {
  std::size_t first = sizeof buffer;
  do {
    buffer[--first] = static_cast<char>('0' + decimal % 10);
    decimal /= 10;
  } while (decimal != 0);
  return std::string_view(buffer + first, sizeof buffer - first);
}

std::string_view to_text(Hex hex, char (&buffer)[kNumberChars]) {
  std::size_t first = sizeof buffer;
  do {
    buffer[--first] = "0123456789abcdef"[hex.value % 16];
    hex.value /= 16;
  } while (hex.value != 0);
  buffer[--first] = 'x';
  buffer[--first] = '0';
  return std::string_view(buffer + first, sizeof buffer - first);
}

Formatter& Formatter::operator<<(std::string_view text) {
  while (!text.empty()) {
    if (used_ == sizeof buffer_) flush();
    const std::size_t bytes = std::min(text.size(), sizeof buffer_ - used_);
    std::memcpy(buffer_ + used_, text.data(), bytes);
    used_ += bytes;
    text.remove_prefix(bytes);
  }
  return *this;
}

Formatter& Formatter::operator<<(std::uint64_t decimal) {
  char buffer[kNumberChars];
  return *this << to_text(decimal, buffer);
}

Formatter& Formatter::operator<<(Hex hex) {
  char buffer[kNumberChars];
  return *this << to_text(hex, buffer);
}

void Formatter::flush() {
  if (used_ != 0) sink_.write(std::string_view(buffer_, used_));
  used_ = 0;
}

}  // namespace pmemcheck
