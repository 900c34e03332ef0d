// image.h: what a power failure leaves, as files that a checker can open.
//
// The files are made once.  From one state to the next only the chunks that differ are written, and
// what a checker has changed is put back before the next one runs: the kernel tells whether it had
// a file open for writing at all (inotify), and only then the files are compared with what they
// were.
//
// Floor 4, hosted.  Tested in tests/explore/images/test_image.cpp and regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pmemcheck/explore/states/contents.h"
#include "pmemcheck/explore/states/point.h"

namespace pmemcheck::explore {

class Image {
 public:
  // Makes the files in `directory`, which exists and is empty; removes them when it goes.
  // Throws std::system_error.
  Image(std::string directory, const Files& files);
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  ~Image();

  const std::string& directory() const { return directory_; }
  // What {} stands for: the file, or if there are several the directory that has them.
  std::string argument() const;
  // RETURNS: the path of the file that has this name in the image; empty for none.
  std::string path_of(const std::string& name) const;

  // Makes this what is certain at the point, with its fixed parts.  Call at each point, first.
  void move_to(History& history, const Point& point);
  // Makes this what the choice leaves.  REQUIRES: move_to() of the same point.
  void become(const Point& point, const Choice& choice);
  // Leaves the point: call before the history is told more.
  void leave(const Point& point);

  // Call right before and right after a check.
  void before_check();
  // RETURNS: whether the checker had a file open for writing, or changed what files there are.
  bool was_touched();
  // Puts back what a checker may have changed.  REQUIRES: nobody has the files open any more.
  void repair(const History& history, const Point& point);

 private:
  struct File {
    FileNo number;
    std::string name;
    std::uint64_t inode;
    Contents contents;
  };

  File make_file(FileNo number, const FileInfo& info) const;
  // Without it (there are limits to how many a user may have) every check counts as one that wrote.
  void watch();
  void drain_events(bool* seen);
  Contents* contents_of(FileNo file);
  void set_version(const Part& part, std::uint32_t version);
  bool is_whole(const File& file) const;
  void remove_strangers() const;

  std::string directory_;
  const Files& files_;
  std::vector<File> members_;
  std::vector<std::size_t> index_of_;  // by FileNo, into members_; past the end for none
  Descriptor events_;
  std::uint64_t watched_ = 0;  // the directory's inode
  std::uint64_t times_grown_ = 0;
  Choice current_;
  std::vector<std::pair<FileNo, std::uint64_t>> fixed_;  // chunks that are not what is certain
};

}  // namespace pmemcheck::explore
