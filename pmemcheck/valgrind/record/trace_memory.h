// trace_memory.h: which files persistent memory shows, and what is in it, without touching pages
// that hold nothing: a pool may be far larger than what is in it.
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

// A part of the address space, as the kernel tells of it.
class KernelMapping {
 public:
  // The mapping that holds `address`, as far as the core takes it for one.
  explicit KernelMapping(GuestAddr address);
  GuestRange range() const { return range_; }
  // RETURNS: whether it shows a file that others can see, and not a copy or memory without a file.
  bool is_shared_file() const { return is_shared_file_; }
  // Of its first byte.  The domain is not known here.  REQUIRES of the path: this lives.
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

using TellPage = void (*)(GuestAddr page, void* self);
// Calls tell(page, self) for each page of `range` that holds anything but zeros, lowest first.
// `file` is the file that it shows, from `file_offset` on; empty for none.
void for_each_page_with_contents(GuestRange range, std::string_view file, std::uint64_t file_offset,
                                 TellPage tell, void* self);

}  // namespace pmemcheck::trace
