// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/text_report.h"

#include <string>
#include <vector>

#include "tests/text.h"
#include "tests/unit.h"

using namespace pmemcheck;
using test::Text;

namespace {

// Stack n is two frames of function n.
std::string_view words_for_stack(void*, StackId stack) {
  static std::string words;
  const std::string function = "f" + std::to_string(static_cast<unsigned>(stack));
  words = "   at 0x1: " + function + " (f.c:1)\n   by 0x2: main (f.c:2)\n";
  return words;
}

std::string report(const std::vector<Finding>& findings, bool error_summary) {
  Text text;
  write_text_report(text.sink(), findings, StackWords(words_for_stack, nullptr),
                    {.error_summary = error_summary});
  return text.str();
}

Finding not_persisted(std::uint64_t address, std::uint64_t size, ByteState state,
                      std::uint32_t stack) {
  return {.kind = FindingKind::NotPersisted,
          .state = state,
          .stack = StackId{stack},
          .bytes = GuestRange::of(GuestAddr(address), size)};
}

}  // namespace

UNIT_TEST(a_report_without_findings_says_so) {
  assert_string_equal(report({}, true).c_str(), "Number of stores not made persistent: 0\n"
                                                "ERROR SUMMARY: 0 errors\n");
}

UNIT_TEST(the_last_line_can_be_switched_off) {
  assert_string_equal(report({}, false).c_str(), "Number of stores not made persistent: 0\n");
}

UNIT_TEST(stores_not_made_persistent_are_listed_and_summed_up) {
  assert_string_equal(report({not_persisted(0x1000, 8, ByteState::Dirty, 1),
                              not_persisted(0xabc0, 24, ByteState::Pending, 2)},
                             true)
                          .c_str(),
                      "Number of stores not made persistent: 2\n"
                      "Stores not made persistent properly:\n"
                      "[0]    at 0x1: f1 (f.c:1)\n"
                      "   by 0x2: main (f.c:2)\n"
                      "\tAddress: 0x1000\tsize: 8\tstate: DIRTY\n"
                      "[1]    at 0x1: f2 (f.c:1)\n"
                      "   by 0x2: main (f.c:2)\n"
                      "\tAddress: 0xabc0\tsize: 24\tstate: FLUSHED\n"
                      "Total memory not made persistent: 32\n"
                      "ERROR SUMMARY: 2 errors\n");
}
