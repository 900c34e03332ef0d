// descriptor.h: owns a file descriptor.
//
// Floor 4, hosted.  Tested in tests/explore/input/test_descriptor.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace pmemcheck::explore {

// A file descriptor that its owner closes; or none.
class Descriptor {
 public:
  Descriptor() = default;
  // Takes ownership of `number`; a negative one, as open() returns on failure, means none.
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& o) noexcept : number_(o.number_) { o.number_ = -1; }
  Descriptor& operator=(Descriptor&& o) noexcept;
  ~Descriptor();
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

}  // namespace pmemcheck::explore
