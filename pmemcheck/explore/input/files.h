// files.h: the files that a trace tells of, and which of them an address shows.
//
// Floor 4, hosted.  Tested in tests/explore/input/test_files.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pmemcheck/base/format.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/trace/trace_format.h"

namespace pmemcheck::explore {

// A file of the program's, or memory of its that is no file's.
struct FileInfo {
  std::string path;  // absolute; empty for memory
  std::string name;  // in the directory of an image: no other file's
  std::uint64_t bytes = 0;
  std::uint64_t device = 0, inode = 0;
  GuestAddr memory_begin = {};  // of memory: where it lies
  bool is_stored_to = false;

  bool is_memory() const { return path.empty(); }
};

using FileNo = std::uint32_t;  // an index into Files

// A byte of a file.
struct Place {
  FileNo file;
  std::uint64_t offset;
};

class Files {
 public:
  // RETURNS: the file that a mapping shows, which is made known if need be, and the offset of the
  // mapping's first byte in it.
  Place place_of(const TraceMapping& mapping);
  const std::vector<FileInfo>& all() const { return files_; }
  FileInfo& operator[](FileNo file) { return files_[file]; }
  const FileInfo& operator[](FileNo file) const { return files_[file]; }
  // RETURNS: the files that an image consists of: those that are files, and memory if it was
  // stored to.
  std::vector<FileNo> in_an_image() const;

 private:
  Place place_of_memory(GuestRange range);
  std::string unused_name(const std::string& wanted) const;

  std::vector<FileInfo> files_;
};

// Which files the addresses of the program show.
class AddressMap {
 public:
  void map(GuestRange range, Place place, Domain domain);
  void unmap(GuestRange range) { shown_.erase(range); }
  void move(GuestRange from, GuestAddr to);

  // Calls visit(part, place, domain) for each part of `range` that shows one file, lowest first.
  template <class Visit>
  void for_each_part(GuestRange range, Visit visit) const {
    shown_.for_each_in(range, [&](const auto& entry) {
      const GuestRange part = entry.range.intersection(range);
      visit(part, Place{entry.value.file, part.begin.raw() - entry.value.file_begin},
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
