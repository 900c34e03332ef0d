// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checks/verdict.h"

#include "tests/unit.h"

using namespace pmemcheck::explore;

UNIT_TEST(each_kind_of_verdict_has_its_text) {
  assert_string_equal(verdict_text(Verdict{}).c_str(), "consistent");
  assert_string_equal(verdict_text(Verdict{VerdictKind::Exit, 3, false}).c_str(), "exit status 3");
  assert_string_equal(verdict_text(Verdict{VerdictKind::Signal, 11, false}).c_str(),
                      "died of signal 11 (Segmentation fault)");
  assert_string_equal(verdict_text(Verdict{VerdictKind::TimedOut, 0, false}).c_str(),
                      "did not end in time");
}
