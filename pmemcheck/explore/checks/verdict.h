// verdict.h: the result of checking an image.
//
// Floor 4, hosted.  Tested in tests/explore/checks/test_verdict.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace pmemcheck::explore {

enum class VerdictKind : std::uint8_t {
  Consistent,
  Exit,      // it exited with a status other than 0, or its function returned something else
  Signal,    // a signal ended it
  TimedOut,  // it took too long and was killed
};

struct Verdict {
  VerdictKind kind = VerdictKind::Consistent;
  int number = 0;  // the status of Exit, 1 .. 255, or the signal; 0 otherwise
  bool left_children = false;
  bool is_consistent() const { return kind == VerdictKind::Consistent; }
  bool operator==(const Verdict&) const = default;
};

// RETURNS: the verdict as reports print it: "exit status 1".
std::string verdict_text(const Verdict& verdict);

}  // namespace pmemcheck::explore
