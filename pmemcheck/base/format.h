// format.h: writes text and numbers to a Sink.
//
//   Formatter out(sink);
//   out << "Address: " << Hex{0x1000} << "\tsize: " << 8u << "\n";
//
// Floor 0.  Tested in tests/base/test_format.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pmemcheck/base/sink.h"
#include "pmemcheck/base/types.h"

namespace pmemcheck {

// A number that is written as 0x and lower-case hexadecimal digits, without leading zeros.
struct Hex {
  constexpr explicit Hex(std::uint64_t v) : value(v) {}
  constexpr explicit Hex(GuestAddr a) : value(a.raw()) {}
  std::uint64_t value;
};

// Enough characters for any number: the longest is 2^64 - 1 in decimal.
inline constexpr std::size_t kNumberChars = 20;
// RETURNS: the number as text, stored in `buffer`.
std::string_view to_text(std::uint64_t decimal, char (&buffer)[kNumberChars]);
std::string_view to_text(Hex hex, char (&buffer)[kNumberChars]);

// Buffers text.  Writes it to the sink when the buffer is full, and when the Formatter is
// destroyed.
class Formatter {
 public:
  explicit Formatter(Sink sink) : sink_(sink) {}
  Formatter(const Formatter&) = delete;
  Formatter& operator=(const Formatter&) = delete;
  ~Formatter() { flush(); }

  Formatter& operator<<(std::string_view text);
  Formatter& operator<<(std::uint64_t decimal);
  Formatter& operator<<(Hex hex);
  void flush();

 private:
  Sink sink_;
  std::size_t used_ = 0;  // 0 .. sizeof buffer_
  char buffer_[2048];
};

}  // namespace pmemcheck
