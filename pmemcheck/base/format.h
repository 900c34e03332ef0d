// format.h: numbers and words into a Sink.
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

// A number to be written as 0x and lower-case hexadecimal digits, without leading zeros.
struct Hex {
  constexpr explicit Hex(std::uint64_t v) : value(v) {}
  constexpr explicit Hex(GuestAddr a) : value(a.raw()) {}
  std::uint64_t value;
};

// The most characters that a number takes: 2^64 - 1 in decimal, longer than in hexadecimal.
inline constexpr std::size_t kNumberChars = 20;
// RETURNS: the number in words, which are in `buffer`.
std::string_view words_for(std::uint64_t decimal, char (&buffer)[kNumberChars]);
std::string_view words_for(Hex hex, char (&buffer)[kNumberChars]);

// Gathers text and passes it on in pieces: when it is full, and when it ends.
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
