// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/interrupts.h"

#include <initializer_list>

#include "tests/unit.h"

using namespace pmemcheck::explore;

UNIT_TEST(a_signal_is_noted_until_the_next_interrupts_object_is_made) {
  const auto before = std::signal(SIGTERM, SIG_IGN);
  for (const int number : {SIGINT, SIGTERM}) {
    const Interrupts interrupts;
    assert_false(Interrupts::have_come());
    raise(number);
    assert_true(Interrupts::have_come());
  }
  raise(SIGTERM);  // the old handler is back: it ignores this
  assert_true(std::signal(SIGTERM, before) == SIG_IGN);
}
