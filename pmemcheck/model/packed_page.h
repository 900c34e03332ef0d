// packed_page.h: the packed lines of a page, and what is done to all of them at once.
//
// A flush or a fence of much memory goes through it line by line.  Where a page's lines are packed
// there is one short loop for them all, without a branch on what a line holds.
//
// Floor 1.  Tested in tests/model/test_packed_page.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <iterator>

#include "pmemcheck/model/packed_line.h"

namespace pmemcheck {

// How many lines the shadow keeps together.
inline constexpr std::uint64_t kPageLines = 64;

class PackedPage {
 public:
  PackedLine& operator[](std::uint64_t index) { return lines_[index]; }
  PackedLine* begin() { return lines_; }
  PackedLine* end() { return std::end(lines_); }

  bool is_clean() const {
    return std::none_of(std::begin(lines_), std::end(lines_),
                        [](const PackedLine& line) { return line.outstanding_words() != 0; });
  }

  // RETURNS: whether it can be said here that `thread` flushed all lines.
  bool can_be_flushed_by(ThreadNo thread) const {
    bool fits = true;
    for (const PackedLine& line : lines_) fits = fits & line.can_be_flushed_by(thread);
    return fits;
  }
  // `thread` flushes all lines.  RETURNS: whether any byte was DIRTY.
  // REQUIRES: can_be_flushed_by(thread).
  bool flush(ThreadNo thread) {
    std::uint64_t useful = 0;
    for (PackedLine& line : lines_) useful |= line.flush_by(thread);
    return useful != 0;
  }

  struct Fenced {
    std::size_t lines;  // that the thread had flushed
    bool durable;       // whether a byte of them was PENDING
  };
  // `thread` fences.
  Fenced fence(ThreadNo thread) {
    std::uint64_t lines = 0, durable = 0;
    for (PackedLine& line : lines_) {
      lines += line.is_owned_by(thread);
      durable |= line.fence_by(thread);
    }
    return {lines, durable != 0};
  }

 private:
  PackedLine lines_[kPageLines];
};

}  // namespace pmemcheck
