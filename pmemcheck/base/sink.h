// sink.h: a destination of text: a function and its object.
//
// Floor 0.  Tested in tests/base/test_format.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

namespace pmemcheck {

// Two words; copy it freely.  The object must outlive the copies.
class Sink {
 public:
  using Write = void (*)(void* self, std::string_view text);
  constexpr Sink(Write write, void* self) : write_(write), self_(self) {}
  void write(std::string_view text) const { write_(self_, text); }

 private:
  Write write_;
  void* self_;
};

}  // namespace pmemcheck
