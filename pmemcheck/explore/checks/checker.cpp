// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checks/checker.h"

#include "pmemcheck/explore/input/user_error.h"

namespace pmemcheck::explore {

Verdict check_image(Checker& checker, Image& image, const History& history, const Point& point,
                    int output) {
  image.before_check();
  const Verdict verdict = checker.run(output);
  if (!image.was_touched()) return verdict;
  if (checker.only_reads())
    throw UserError("--read-only-checker: the checker opened a file of the image for writing, or "
                    "changed which files there are; without the option it may");
  image.repair(history, point);
  return verdict;
}

}  // namespace pmemcheck::explore
