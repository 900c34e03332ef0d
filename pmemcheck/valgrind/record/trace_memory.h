// trace_memory.h: finds which files persistent memory shows, and what it holds.
//
// Pages that hold nothing are not touched, because a pool may be far larger than its contents.
//
// Floor 4.  Tested in regtest/cases/explore/test_recording.py.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "pmemcheck/base/vector.h"
#include "pmemcheck/trace/trace_format.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::trace {

// A mapping, as the kernel describes it.
class KernelMapping {
 public:
  // The part of the mapping around `address` that is one segment to the core.
  explicit KernelMapping(GuestAddr address);
  GuestRange range() const { return range_; }
  // RETURNS: whether it is a shared mapping of a file, and no private copy or anonymous memory.
  bool is_shared_file() const { return is_shared_file_; }
  // RETURNS: its description without the domain, which the kernel does not know.  The path is valid
  // as long as this object.
  TraceMapping describe() const;

 private:
  void look_up_file(GuestAddr address);

  GuestRange range_ = {};
  bool is_shared_file_ = false;
  std::uint64_t offset_ = 0;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
  Vector<char> path_;
};

using VisitPage = void (*)(GuestAddr page, void* self);
// Calls visit(page, self) for each page of `range` that holds anything but zeros, lowest first.
// `file` is the path of the file that `range` shows from `file_offset` on; empty for none.
void for_each_page_with_contents(GuestRange range, std::string_view file, std::uint64_t file_offset,
                                 VisitPage visit, void* self);

}  // namespace pmemcheck::trace
