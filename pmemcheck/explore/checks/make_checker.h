// make_checker.h: makes the checker that the command line asks for.
//
// Floor 4, hosted.  Tested in tests/explore/checks/test_make_checker.cpp and regtest/cases/explore.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "pmemcheck/explore/checks/checker.h"

namespace pmemcheck::explore {

struct CheckerChoice {
  std::string command;        // of --check, with {} and {NAME} in it; empty: none
  std::string library;        // of --check-library, FILE.so:SYMBOL; empty: none
  bool is_read_only = false;  // the library's function only reads
  std::chrono::milliseconds timeout{10000};
  bool is_given() const { return !command.empty() || !library.empty(); }
};

// RETURNS: a checker of this image, which must outlive it.
// Throws UserError if there is no such program, function or file of the image.
// REQUIRES: the choice has a command or a library, not both; prepare_to_check() was called.
std::unique_ptr<Checker> make_checker(const CheckerChoice& choice, const Image& image);

// Finds most of the errors of make_checker() without an image.  Throws UserError.
// REQUIRES: the choice has a command or a library, not both.
void look_for_checker(const CheckerChoice& choice);

}  // namespace pmemcheck::explore
