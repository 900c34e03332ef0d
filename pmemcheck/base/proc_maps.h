// proc_maps.h: one line of /proc/self/maps, parsed.
//
//   7f0c00000000-7f0c00800000 rw-s 00001000 fe:00 1234       /mnt/pmem/pool
//   begin        end          mode offset   device inode     path
//
// The format is the kernel's: proc(5).
//
// Floor 0.  Tested in tests/base/test_proc_maps.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "pmemcheck/base/types.h"

namespace pmemcheck {

struct ProcMapsLine {
  GuestRange range;
  bool can_read = false;
  bool can_write = false;
  bool can_execute = false;
  bool is_shared = false;    // MAP_SHARED; else writes go to a private copy
  std::uint64_t offset = 0;  // in the file, of the first byte of the range
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::uint64_t inode = 0;  // 0: no file
  // Points into the line.  Empty, a file's path, or a name such as "[stack]".  The kernel writes a
  // newline in a path as \012, and appends " (deleted)" if the file has no name any more.
  std::string_view path;
};

// Parses `line`, which has no newline at its end.
// RETURNS: whether it has the format above; only then is `*parsed` written.
bool parse_proc_maps_line(std::string_view line, ProcMapsLine* parsed);

}  // namespace pmemcheck
