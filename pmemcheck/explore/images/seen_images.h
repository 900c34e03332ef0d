// seen_images.h: the contents that have been checked, over the whole run.
//
// Floor 4, hosted.  Tested in tests/explore/images/test_seen_images.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

#include "pmemcheck/explore/states/part.h"

namespace pmemcheck::explore {

// A set by open addressing, in shared memory: a forked checker is not given a copy of it.
class SeenImages {
 public:
  SeenImages() { slots_ = allocate(kFirstCapacity); }
  SeenImages(const SeenImages&) = delete;
  SeenImages& operator=(const SeenImages&) = delete;
  ~SeenImages();

  // RETURNS: whether it was not there before.
  bool insert(ContentHash hash);
  std::size_t size() const { return used_; }

 private:
  static constexpr std::size_t kFirstCapacity = 1 << 12;

  static ContentHash* allocate(std::size_t capacity);
  void grow();

  ContentHash* slots_;                     // all 0: free
  std::size_t capacity_ = kFirstCapacity;  // a power of two
  std::size_t used_ = 0;
};

}  // namespace pmemcheck::explore
