// checker.h: decides whether an image is consistent.
//
// A checker is a program, run on each image; a function of a library, called in a child process; or
// a function that only reads, called in this process.  Whatever one check does, the next starts
// clean: its process group is killed, and processes that it left behind are found and killed before
// the image is used again.
//
// Floor 4, hosted.  Tested in regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/explore/checks/verdict.h"
#include "pmemcheck/explore/images/image.h"

namespace pmemcheck::explore {

class Checker {
 public:
  virtual ~Checker() = default;
  // Checks the image once.  Writes the checker's output to the descriptor `output`; discards it if
  // that is -1.  Throws std::system_error if the checker cannot be run.
  virtual Verdict run(int output) = 0;
  // RETURNS: whether the checker promised not to write to the image.
  virtual bool only_reads() const { return false; }
};

// Checks the image in its current state, then puts back whatever the checker changed.
// Throws UserError if a checker that only reads has written.
// REQUIRES: the image shows a state of `point`, and `history` is at that point.
Verdict check_image(Checker& checker, Image& image, const History& history, const Point& point,
                    int output);

}  // namespace pmemcheck::explore
