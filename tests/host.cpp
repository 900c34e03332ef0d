// host.cpp: the host of the unit tests.  A failed check fails the test that ran into it, unless
// the test expects it (check_failure.h).
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/host.h"

#include <cstdlib>

#include "tests/check_failure.h"
#include "tests/unit.h"

void* pmemcheck::host_allocate(std::size_t bytes, const char* purpose) {
  void* memory = std::malloc(bytes);
  if (memory == nullptr) host_check_failed(__FILE__, __LINE__, purpose);
  return memory;
}

void pmemcheck::host_free(void* memory) {
  std::free(memory);
}

void pmemcheck::host_check_failed(const char* file, int line, const char* what) {
  if (test::is_check_failure_expected) throw test::CheckFailure{};
  mock_assert(0, what, file, line);
  std::abort();
}
