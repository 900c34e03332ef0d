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
  // The kernel appends this to the path of a file that was removed.
  constexpr std::string_view kRemoved = " (deleted)";
  if (path().ends_with(kRemoved) && !is_at(path())) path_bytes_ -= kRemoved.size();
}

bool OpenFile::is_at(std::string_view path) const {
  HChar text[VKI_PATH_MAX + 1];
  VG_(memcpy)(text, path.data(), path.size());
  text[path.size()] = 0;
  struct vg_stat stat;
  return !sr_isError(VG_(stat)(text, &stat)) && FileId{stat.dev, stat.ino} == id_;
}

}  // namespace pmemcheck
