// packed_page.h: the packed lines of a page, and the operations on all of them at once.
//
// A flush or fence of much memory handles a page of packed lines in one short loop, without a
// branch on the contents of a line.
//
// Floor 1.  Tested in tests/model/test_packed_page.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <iterator>

#include "pmemcheck/model/packed_line.h"

namespace pmemcheck {

// The lines of a page of the shadow.
inline constexpr std::uint64_t kPageLines = 64;

class PackedPage {
 public:
  // REQUIRES: index < kPageLines.
  PackedLine& operator[](std::uint64_t index) {
    PM_DCHECK(index < kPageLines);
    return lines_[index];
  }
  PackedLine* begin() { return lines_; }
  PackedLine* end() { return std::end(lines_); }

  bool is_clean() const {
    return std::none_of(std::begin(lines_), std::end(lines_),
                        [](const PackedLine& line) { return line.outstanding_words() != 0; });
  }

  // RETURNS: whether flush(thread) fits: see PackedLine.
  bool can_be_flushed_by(ThreadNo thread) const {
    bool fits = true;
    for (const PackedLine& line : lines_) fits = fits & line.can_be_flushed_by(thread);
    return fits;
  }
  // `thread` flushes all lines.  RETURNS: whether any byte was DIRTY.
  // REQUIRES: can_be_flushed_by(thread).
  bool flush(ThreadNo thread) {
    PM_DCHECK(can_be_flushed_by(thread));
    std::uint64_t useful = 0;
    for (PackedLine& line : lines_) useful |= line.flush_by(thread);
    PM_DCHECK(std::none_of(begin(), end(), [](PackedLine l) { return l.dirty().any(); }));
    return useful != 0;
  }

  struct Fenced {
    std::size_t lines;  // how many the thread owned
    bool durable;       // whether any byte of them was PENDING
  };
  // `thread` fences.
  Fenced fence(ThreadNo thread) {
    std::uint64_t lines = 0, durable = 0;
    for (PackedLine& line : lines_) {
      lines += line.is_owned_by(thread);
      durable |= line.fence_by(thread);
    }
    PM_DCHECK(thread == ThreadNo::None ||
              std::none_of(begin(), end(), [&](PackedLine l) { return l.owner().is(thread); }));
    return {lines, durable != 0};
  }

 private:
  PackedLine lines_[kPageLines];
};

}  // namespace pmemcheck
