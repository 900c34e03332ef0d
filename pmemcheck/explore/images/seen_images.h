// seen_images.h: the hashes of the images that have been checked in the whole run.
//
// Floor 4, hosted.  Tested in tests/explore/images/test_seen_images.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

#include "pmemcheck/explore/states/part.h"

namespace pmemcheck::explore {

// A hash set by open addressing.  It lies in shared memory so that a forked checker gets no copy.
// INVARIANT: is_valid(): at most half of the slots are used.
class SeenImages {
 public:
  SeenImages() { slots_ = allocate(kFirstCapacity); }
  SeenImages(const SeenImages&) = delete;
  SeenImages& operator=(const SeenImages&) = delete;
  ~SeenImages();

  // RETURNS: whether the hash is new.
  bool insert(ContentHash hash);
  std::size_t size() const { return used_; }
  bool is_valid() const { return (capacity_ & (capacity_ - 1)) == 0 && 2 * used_ <= capacity_; }

 private:
  static constexpr std::size_t kFirstCapacity = 1 << 12;

  static ContentHash* allocate(std::size_t capacity);
  void grow();

  ContentHash* slots_;                     // capacity_ of them; a free one is 0
  std::size_t capacity_ = kFirstCapacity;  // a power of two
  std::size_t used_ = 0;
};

}  // namespace pmemcheck::explore
