// unit.h: included by every unit test.  The name of a test is a sentence:
//
//   UNIT_TEST(store_after_flush_makes_the_byte_dirty_again) { assert_true(...); }
//
// Tests register themselves; tests/main.cpp runs them with CMocka.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>

// CMocka's header before 1.1.8 has no extern "C"; inside ours, the compiler gives warnings for it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wvolatile"
extern "C" {
#include <cmocka.h>
}
#pragma GCC diagnostic pop

namespace pmemcheck::test {

// Adds a test to the run; UNIT_TEST calls it before main.
bool add_test(const char* name, CMUnitTestFunction function);

}  // namespace pmemcheck::test

#define UNIT_TEST(name)                                                                            \
  static void name(void** state);                                                                  \
  [[maybe_unused]] static const bool name##_added = ::pmemcheck::test::add_test(#name, name);      \
  static void name([[maybe_unused]] void** state)
