// user_error.h: the exception for errors in what the user supplied.
//
// Floor 4, hosted.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <stdexcept>

namespace pmemcheck::explore {

// A wrong option, file or checker.  The message is printed as it is.
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace pmemcheck::explore
