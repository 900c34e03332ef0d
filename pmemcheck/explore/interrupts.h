// interrupts.h: SIGINT and SIGTERM, taken note of instead of ending the process.
//
// Floor 4, hosted.  Tested in tests/explore/test_interrupts.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <csignal>

namespace pmemcheck::explore {

// While one lives; one at a time.  A wait that such a signal comes into ends with EINTR.
class Interrupts {
 public:
  Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts();
  // RETURNS: whether one has come since the last of these was made.
  static bool have_come();

 private:
  struct sigaction old_int_ = {}, old_term_ = {};
};

}  // namespace pmemcheck::explore
