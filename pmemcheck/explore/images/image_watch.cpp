// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/images/image_watch.h"

#include <utility>

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pmemcheck::explore {

ImageWatch::ImageWatch(std::string directory) : directory_(std::move(directory)) {
  watch();
}

void ImageWatch::watch() {
  struct stat status;
  if (stat(directory_.c_str(), &status) == 0) inode_ = status.st_ino;
  events_ = Descriptor(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  const std::uint32_t changes =
      IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY | IN_ATTRIB | IN_CLOSE_WRITE;
  if (events_.is_open() && inotify_add_watch(events_.number(), directory_.c_str(), changes) < 0)
    events_ = Descriptor();
}

bool ImageWatch::drain() {
  alignas(inotify_event) char buffer[4096];
  bool any = false;
  while (events_.is_open() && read(events_.number(), buffer, sizeof buffer) > 0) any = true;
  return any;
}

void ImageWatch::restart() {
  struct stat status;
  if (stat(directory_.c_str(), &status) == 0 && status.st_ino != inode_) watch();
  drain();
}

bool ImageWatch::has_changed() {
  return drain() || !events_.is_open();
}

}  // namespace pmemcheck::explore
