// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/files.h"

namespace pmemcheck {

OpenFile::OpenFile(Int descriptor) {
  struct vg_stat stat;
  if (VG_(fstat)(descriptor, &stat) != 0) return;
  is_open_ = true;
  id_ = FileId{stat.dev, stat.ino};
  HChar link[32];
  VG_(sprintf)(link, "/proc/self/fd/%d", descriptor);
  const SSizeT length = VG_(readlink)(link, path_, sizeof path_);
  if (length > 0) path_bytes_ = static_cast<SizeT>(length);
  // What the kernel adds to the path of a file that was removed.
  constexpr std::string_view kRemoved = " (deleted)";
  if (stat.nlink == 0 && path().ends_with(kRemoved)) path_bytes_ -= kRemoved.size();
}

}  // namespace pmemcheck
