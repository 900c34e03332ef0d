// contents.h: the contents of one file of an image, in memory.
//
// Floor 4, hosted.  Tested in tests/explore/states/test_contents.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "pmemcheck/explore/input/descriptor.h"

namespace pmemcheck::explore {

// A file, mapped shared from end to end, so that forked children share it and a fork does not copy
// it.  Pages that hold only zeros take no memory until they are written to.
// INVARIANT: data_ maps bytes_ bytes, and is null if there are none.  Each page that has_room_
// marks has memory, so that a store there cannot be a SIGBUS.
class Contents {
 public:
  // Makes the file of `descriptor` `bytes` long.  Throws std::system_error.
  // REQUIRES: the descriptor is open for reading and writing.
  Contents(Descriptor descriptor, std::uint64_t bytes);
  // Makes a file without a name.
  explicit Contents(std::uint64_t bytes);
  Contents(Contents&& o) noexcept;
  Contents& operator=(Contents&&) = delete;
  ~Contents();

  std::uint64_t bytes() const { return bytes_; }
  int descriptor() const { return descriptor_.number(); }
  const std::uint8_t* data() const { return data_; }
  // Writes `data` at `offset`; what lies past the end of the file is dropped.
  // Throws std::system_error if there is no room.
  void write(std::uint64_t offset, std::span<const std::uint8_t> data);
  // The 8 bytes from 8 * number on.  Bytes past the end of the file read as 0; writes there are
  // dropped.
  std::uint64_t chunk(std::uint64_t number) const;
  void set_chunk(std::uint64_t number, std::uint64_t value);
  // Sets these bytes to zero and gives their memory back.
  void clear(std::uint64_t offset, std::uint64_t bytes);
  // Calls visit(offset, bytes) for the parts that may hold anything but zeros, lowest first.
  void for_each_extent(const std::function<void(std::uint64_t, std::uint64_t)>& visit) const;
  // Makes this equal to `other`.  RETURNS: whether it was different.
  // REQUIRES: `other` is as long as this.
  bool become(const Contents& other);
  // Call when others may have truncated the file or punched holes into it.
  void forget_room();
  // RETURNS: how many times the file was given room; inotify reports each time as a change.
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
