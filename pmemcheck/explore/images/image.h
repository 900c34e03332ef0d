// image.h: what a power failure leaves, as files that a checker can open.
//
// The files are made once.  From one state to the next only the chunks that differ are written.
// What a checker has changed is put back before the next check: the kernel reports whether it
// opened a file for writing at all (image_watch.h), and only then are the files compared with their
// contents before the check.
//
// Floor 4, hosted.  Tested in tests/explore/images/test_image.cpp and regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pmemcheck/explore/images/image_watch.h"
#include "pmemcheck/explore/states/contents.h"
#include "pmemcheck/explore/states/point.h"

namespace pmemcheck::explore {

// The order of calls: move_to() a point; become() each of its states, with before_check(),
// was_touched() and repair() around each check; leave() the point.
class Image {
 public:
  // Makes the files in `directory`; the destructor removes the files and the directory.
  // Throws std::system_error.
  // REQUIRES: `directory` exists and is empty; `files` outlives this.
  Image(std::string directory, const Files& files);
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  ~Image();

  const std::string& directory() const { return directory_; }
  // RETURNS: what {} stands for: the path of the only file, or the directory if there are several.
  std::string argument() const;
  // RETURNS: the path of the file that has this name in the image; empty for none.
  std::string path_of(const std::string& name) const;

  // Makes this the state of the point with version 0 of each part.
  // REQUIRES: the image is at no point; `history` is at `point`, and is the same object in every
  // call.
  void move_to(History& history, const Point& point);
  // Makes this the state that `choice` selects.
  // REQUIRES: the image is at `point`, and the choice has a version of each of its parts.
  void become(const Point& point, const Choice& choice);
  // Prepares for another point.  Call before the history is replayed further.
  // REQUIRES: the image is at `point`.
  void leave(const Point& point);

  // Call right before a check.  REQUIRES: the image is at a point.
  void before_check();
  // Call right after a check.
  // RETURNS: whether the checker had a file open for writing, or added or removed files.
  bool was_touched();
  // Puts back whatever a checker changed.
  // REQUIRES: the image is at `point`; no process has its files open any more.
  void repair(const History& history, const Point& point);

 private:
  struct File {
    FileNo number;
    std::string name;
    std::uint64_t inode;
    Contents contents;
  };

  File make_file(FileNo number, const FileInfo& info) const;
  // RETURNS: the file's contents; null for a file that is not in the image.
  Contents* contents_of(FileNo file);
  std::uint64_t times_grown() const;
  void set_version(const Part& part, std::uint32_t version);
  bool is_whole(const File& file) const;
  void remove_added_files() const;

  std::string directory_;
  const Files& files_;
  std::vector<File> members_;
  std::vector<std::size_t> index_of_;  // by FileNo, into members_; past the end for none
  std::optional<ImageWatch> watch_;    // of the directory, once the files are made
  std::uint64_t times_grown_ = 0;      // times_grown() when the watch was restarted
  std::uint64_t point_ = 0;            // the number of the point that the image is at; 0: at none
  Choice current_;                     // the state, by part of the point
  std::vector<std::pair<FileNo, std::uint64_t>> fixed_;  // chunks of the point's fixed parts
};

}  // namespace pmemcheck::explore
