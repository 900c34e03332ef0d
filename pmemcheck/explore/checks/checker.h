// checker.h: the user's word on whether an image is consistent.
//
// A program, run on each image; a function of a library, called in a child; or one that only reads,
// called in this process.  Whatever it does, the next one begins clean: its process group is
// killed, and processes that it left behind are found and killed before the image is used again.
//
// Floor 4, hosted.  Tested in tests/explore/checks/test_checker.cpp and regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "pmemcheck/explore/images/image.h"

namespace pmemcheck::explore {

enum class VerdictKind : std::uint8_t {
  Consistent,
  Exit,      // it ended with a status that is not 0, or its function returned that
  Signal,    // it died of one
  TimedOut,  // it was killed
};

struct Verdict {
  VerdictKind kind = VerdictKind::Consistent;
  int number = 0;  // of the status, or the signal
  bool left_children = false;
  bool is_consistent() const { return kind == VerdictKind::Consistent; }
  bool operator==(const Verdict&) const = default;
};

// RETURNS: the verdict in words: "exit status 1".
std::string words_for(const Verdict& verdict);

struct CheckerChoice {
  std::string command;  // of --check; {} and {NAME} in it
  std::string library;  // of --check-library: FILE.so:SYMBOL
  bool is_read_only = false;
  std::chrono::milliseconds timeout{10000};
  bool is_given() const { return !command.empty() || !library.empty(); }
};

class Checker {
 public:
  virtual ~Checker() = default;
  // Runs it.  Its output goes to the file that `output` is a descriptor of; -1: nowhere.
  // Throws std::system_error where it cannot be run.
  virtual Verdict run(int output) = 0;
  // Whether it may not write to the image.
  virtual bool only_reads() const { return false; }
};

// Throws UserError where there is no such program or function.
std::unique_ptr<Checker> make_checker(const CheckerChoice& choice, const Image& image);

// Says what would make make_checker() fail, without an image.  Throws UserError.
void look_for_checker(const CheckerChoice& choice);

}  // namespace pmemcheck::explore
