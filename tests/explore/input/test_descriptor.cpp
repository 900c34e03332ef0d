// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/descriptor.h"

#include <utility>

#include <fcntl.h>

#include "tests/unit.h"

using pmemcheck::explore::Descriptor;

namespace {

int open_null() {
  return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

bool is_open(int number) {
  return fcntl(number, F_GETFD) != -1;
}

}  // namespace

UNIT_TEST(a_descriptor_is_closed_with_its_owner) {
  int number = -1;
  {
    const Descriptor descriptor(open_null());
    number = descriptor.number();
    assert_true(descriptor.is_open() && is_open(number));
  }
  assert_false(is_open(number));
}

UNIT_TEST(a_moved_descriptor_is_closed_by_its_last_owner_only) {
  Descriptor first(open_null());
  const int number = first.number();
  Descriptor second(open_null());
  const int replaced = second.number();
  second = std::move(first);
  assert_false(is_open(replaced));
  assert_true(second.number() == number && is_open(number));
  const Descriptor third(std::move(second));
  assert_true(third.number() == number && is_open(number));
}

UNIT_TEST(a_descriptor_that_open_refused_is_not_open) {
  assert_false(Descriptor(-1).is_open());
  assert_false(Descriptor().is_open());
}
