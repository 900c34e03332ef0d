// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/interrupts.h"

#include <initializer_list>

#include "tests/unit.h"

using namespace pmemcheck::explore;

UNIT_TEST(an_interrupt_is_taken_note_of_until_the_next_watch) {
  const auto before = std::signal(SIGTERM, SIG_IGN);
  for (const int number : {SIGINT, SIGTERM}) {
    const Interrupts interrupts;
    assert_false(Interrupts::have_come());
    raise(number);
    assert_true(Interrupts::have_come());
  }
  raise(SIGTERM);  // ignored, as it was before
  assert_true(std::signal(SIGTERM, before) == SIG_IGN);
}
