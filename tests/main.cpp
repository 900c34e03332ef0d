// main.cpp: runs every unit test.  `unit PATTERN` runs the tests whose names match (* and ? as in a
// shell).
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

std::vector<CMUnitTest>& tests() {
  static std::vector<CMUnitTest> all;
  return all;
}

}  // namespace

bool pmemcheck::test::add_test(const char* name, CMUnitTestFunction function) {
  tests().push_back(CMUnitTest{name, function, nullptr, nullptr, nullptr});
  return true;
}

int main(int argc, char** argv) {
  if (argc > 2) {
    std::fprintf(stderr, "%s: %d arguments: want none, or one pattern\n", argv[0], argc - 1);
    return 2;
  }
  if (argc == 2) cmocka_set_test_filter(argv[1]);
  const int failed =
      _cmocka_run_group_tests("pmemcheck", tests().data(), tests().size(), nullptr, nullptr);
  // A failed test leaves by longjmp without calling destructors: skip the report of leaks.
  if (failed != 0) std::_Exit(1);
  return 0;
}
