// words.h: where a report asks for the words that only its host knows: of stacks, of places.
//
// Floor 3.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "pmemcheck/base/types.h"

namespace pmemcheck {

// Puts a call stack into words: a function and the object that it is for.
class StackWords {
 public:
  // RETURNS: for text, a line a frame: "   at " or "   by ", the frame's description, end of line;
  // for XML, an element a frame.  Good until the next call.
  using Words = std::string_view (*)(void* self, StackId stack);
  constexpr StackWords(Words words, void* self) : words_(words), self_(self) {}
  std::string_view of(StackId stack) const { return words_(self_, stack); }

 private:
  Words words_;
  void* self_;
};

// Puts the numbers in a Place into words.
class PlaceWords {
 public:
  // RETURNS: the text that has this number.  REQUIRES: it is not 0.
  using Words = std::string_view (*)(void* self, std::uint32_t number);
  constexpr PlaceWords(Words words, void* self) : words_(words), self_(self) {}
  std::string_view of(std::uint32_t number) const { return words_(self_, number); }

 private:
  Words words_;
  void* self_;
};

// All of them.
struct Words {
  StackWords stacks;
  PlaceWords places;
};

}  // namespace pmemcheck
