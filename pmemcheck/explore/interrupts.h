// interrupts.h: notes SIGINT and SIGTERM instead of ending the process.
//
// Floor 4, hosted.  Tested in tests/explore/test_interrupts.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <csignal>

namespace pmemcheck::explore {

// Notes the signals while an object lives.  They end a wait with EINTR.
// REQUIRES: there is no other object of this class.
class Interrupts {
 public:
  Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  ~Interrupts();
  // RETURNS: whether a signal has come since the last object was made.
  static bool have_come();

 private:
  struct sigaction old_int_ = {}, old_term_ = {};
};

}  // namespace pmemcheck::explore
