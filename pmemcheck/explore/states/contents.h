// contents.h: what a file holds: memory as large as the file, of which only what is not zero takes
// room.
//
// Floor 4, hosted.  Tested in tests/explore/states/test_contents.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "pmemcheck/base/types.h"

namespace pmemcheck::explore {

// A file descriptor, closed when it goes.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& o) noexcept : number_(o.number_) { o.number_ = -1; }
  Descriptor& operator=(Descriptor&& o) noexcept;
  ~Descriptor();
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// A file, mapped shared from end to end: forked children share it, and forking costs nothing more
// for it.
class Contents {
 public:
  // The file of `descriptor`, made `bytes` long.  Throws std::system_error.
  Contents(Descriptor descriptor, std::uint64_t bytes);
  // A file of its own that has no name.
  explicit Contents(std::uint64_t bytes);
  Contents(Contents&& o) noexcept;
  Contents& operator=(Contents&&) = delete;
  ~Contents();

  std::uint64_t bytes() const { return bytes_; }
  int descriptor() const { return descriptor_.number(); }
  const std::uint8_t* data() const { return data_; }
  // Writes what lies within the file.  Throws std::system_error where there is no room for it.
  void write(std::uint64_t offset, std::span<const std::uint8_t> data);
  // The 8 bytes of a chunk; past the end of the file they are 0, and go nowhere.
  std::uint64_t chunk(std::uint64_t number) const;
  void set_chunk(std::uint64_t number, std::uint64_t value);
  // Makes these bytes zero, and gives their room back.
  void clear(std::uint64_t offset, std::uint64_t bytes);
  // Calls visit(offset, bytes) for the parts that may hold anything but zeros, lowest first.
  void for_each_extent(const std::function<void(std::uint64_t, std::uint64_t)>& visit) const;
  // Makes this the same as `other`, which is as long.  RETURNS: whether it was not.
  bool become(const Contents& other);
  // The file may have lost parts of itself.
  void forget_room();
  // How often the file was given more room: each is a change of the file that others are told of.
  std::uint64_t times_grown() const { return times_grown_; }

 private:
  void make_room(std::uint64_t offset, std::uint64_t bytes);

  Descriptor descriptor_;
  std::uint64_t bytes_ = 0;
  std::uint8_t* data_ = nullptr;
  std::uint64_t times_grown_ = 0;
  std::string has_room_;  // by page: 1 if it has memory
};

}  // namespace pmemcheck::explore
