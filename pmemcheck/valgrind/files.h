// files.h: what the kernel says of the guest's open files.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// A file, whatever it is called.
struct FileId {
  ULong device;
  ULong inode;
  constexpr bool operator==(const FileId&) const = default;
};

// An open file.
class OpenFile {
 public:
  explicit OpenFile(Int descriptor);
  // RETURNS: whether the descriptor was good.  REQUIRES of all below: it was.
  bool is_open() const { return is_open_; }
  FileId id() const { return id_; }
  // Absolute, without symbolic links; the last one that it had, if it has none any more.
  std::string_view path() const { return {path_, path_bytes_}; }

 private:
  // RETURNS: whether the path leads to this file.
  bool is_at(std::string_view path) const;

  bool is_open_ = false;
  FileId id_ = {};
  SizeT path_bytes_ = 0;
  HChar path_[VKI_PATH_MAX];
};

}  // namespace pmemcheck
