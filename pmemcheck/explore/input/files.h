// files.h: the files of a recording, and which of their bytes an address shows.
//
// Floor 4, hosted.  Tested in tests/explore/input/test_files.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/trace/trace_format.h"

namespace pmemcheck::explore {

// A file that the program mapped, or persistent memory of the program without a file.
struct FileInfo {
  std::string path;  // absolute; empty for memory
  std::string name;  // in the directory of an image; unique among Files
  std::uint64_t bytes = 0;
  std::uint64_t device = 0, inode = 0;
  GuestAddr memory_begin = {};  // of memory: its first address
  bool is_stored_to = false;

  bool is_memory() const { return path.empty(); }
};

using FileNo = std::uint32_t;  // an index into Files

// A byte of a file.
struct FileLocation {
  FileNo file;
  std::uint64_t offset;
};

// Files are smaller than 2^kFileOffsetBits bytes: in file_range() the bits above hold the number of
// the file.
inline constexpr unsigned kFileOffsetBits = 48;

// RETURNS: these bytes of a file as a key for a RangeMap: the file's number and the offset, packed.
// REQUIRES: the bytes end below 2^kFileOffsetBits; the file's number is below 2^16.
GuestRange file_range(FileLocation begin, std::uint64_t bytes);

class Files {
 public:
  // Adds the file that a mapping shows, unless it is known; a known file grows if the mapping shows
  // that it is larger.  RETURNS: the location of the mapping's first byte.
  // Throws UserError if a file is too large, or files are too many, for file_range().
  FileLocation location_of(const TraceMapping& mapping);
  const std::vector<FileInfo>& all() const { return files_; }
  // REQUIRES: `file` is an index into all().
  FileInfo& operator[](FileNo file) {
    PM_CHECK(file < files_.size());
    return files_[file];
  }
  const FileInfo& operator[](FileNo file) const {
    PM_CHECK(file < files_.size());
    return files_[file];
  }
  // RETURNS: the files that make up an image: those with a path, and memory that was stored to.
  std::vector<FileNo> in_an_image() const;

 private:
  FileLocation location_in_file(const TraceMapping& mapping);
  FileLocation location_in_memory(GuestRange range);
  std::string unused_name(const std::string& wanted) const;

  std::vector<FileInfo> files_;
};

// Which files the addresses of the program show.
class AddressMap {
 public:
  // Shows the file from `location` on at `range`, instead of what was there.
  void map(GuestRange range, FileLocation location, Domain domain);
  void unmap(GuestRange range) { shown_.erase(range); }
  void move(GuestRange from, GuestAddr to);

  // Calls visit(part, location, domain) for each part of `range` that shows one file, lowest first.
  template <class Visit>
  void for_each_part(GuestRange range, Visit visit) const {
    shown_.for_each_in(range, [&](const auto& entry) {
      const GuestRange part = entry.range.intersection(range);
      visit(part, FileLocation{entry.value.file, part.begin.raw() - entry.value.file_begin},
            entry.value.domain);
    });
  }

 private:
  struct Shown {
    FileNo file;
    std::uint64_t file_begin;  // the address at which the file would begin, modulo 2^64
    Domain domain;
    bool operator==(const Shown&) const = default;
  };
  RangeMap<Shown> shown_;
};

}  // namespace pmemcheck::explore
