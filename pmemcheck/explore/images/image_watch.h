// image_watch.h: notices when a checker writes to the files of an image.
//
// Floor 4, hosted.  Tested in tests/explore/images/test_image_watch.cpp and test_image.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "pmemcheck/explore/input/descriptor.h"

namespace pmemcheck::explore {

// Watches one directory by inotify.  If there is no watch, because the kernel limits how many a
// user may have, every check counts as one that wrote.
class ImageWatch {
 public:
  explicit ImageWatch(std::string directory);

  // Forgets what has happened so far.  Watches the directory anew if it was replaced by another.
  void restart();
  // RETURNS: whether a file of the directory was opened for writing and closed, written to, added,
  // removed or changed in its attributes since the last call of this function or restart().
  bool has_changed();

 private:
  void watch();
  // RETURNS: whether there were any events.
  bool drain();

  std::string directory_;
  Descriptor events_;
  std::uint64_t inode_ = 0;  // the directory's
};

}  // namespace pmemcheck::explore
