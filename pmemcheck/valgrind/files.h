// files.h: identifies the guest's open files.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// The identity of a file, which does not depend on its names.
struct FileId {
  ULong device;
  ULong inode;
  constexpr bool operator==(const FileId&) const = default;
};

// An open file.
class OpenFile {
 public:
  explicit OpenFile(Int descriptor);
  // RETURNS: whether the descriptor was good.  The other functions REQUIRE that it was.
  bool is_open() const { return is_open_; }
  FileId id() const { return id_; }
  // RETURNS: the absolute path without symbolic links; for a removed file, the last path it had.
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
