// library_checker.h: a checker that is a function of a library: int SYMBOL(const char* directory).
//
// The cost of a check is a fork, the pages that the child touches, and two context switches; the
// function itself often costs the least.  So the children are forked by a process that was itself
// forked early: it has little memory, no handlers that a child would have to undo, and /dev/null
// for its output.  The explorer enforces the time limit.
//
// Floor 4, hosted.  Tested in regtest/cases/explore; measured by `make bench BENCH=--states`.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string>

#include "pmemcheck/explore/checks/checker.h"

namespace pmemcheck::explore {

// FILE.so:SYMBOL, loaded for the rest of the process.
// INVARIANT: function_ is not null.
class LibraryFunction {
 public:
  // Throws UserError if there is no such library or function.
  explicit LibraryFunction(const std::string& library);
  int operator()(const char* directory) const { return function_(directory); }
  int (*pointer() const)(const char*) { return function_; }

 private:
  int (*function_)(const char* directory);
};

// RETURNS: a checker that calls the function in a child, once for each image.
// Throws std::system_error.  REQUIRES: prepare_to_check() was called.
std::unique_ptr<Checker> check_in_children(LibraryFunction function, std::string directory);

// RETURNS: a checker that calls the function in this process.
// REQUIRES: prepare_to_check() was called.
std::unique_ptr<Checker> check_in_process(LibraryFunction function, std::string directory);

}  // namespace pmemcheck::explore
