// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/text_report.h"

#include <string>
#include <vector>

#include "tests/report/words.h"
#include "tests/text.h"
#include "tests/unit.h"

using namespace pmemcheck;
using test::Text;

namespace {

std::string report(const std::vector<Finding>& findings, bool error_summary) {
  Text text;
  write_text_report(text.sink(), findings, test::words(Places()), {.error_summary = error_summary});
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

UNIT_TEST(a_report_without_findings_has_the_first_section_and_the_summary) {
  assert_string_equal(report({}, true).c_str(), "Number of stores not made persistent: 0\n"
                                                "ERROR SUMMARY: 0 errors\n");
}

UNIT_TEST(the_summary_line_can_be_switched_off) {
  assert_string_equal(report({}, false).c_str(), "Number of stores not made persistent: 0\n");
}

UNIT_TEST(stores_not_made_persistent_are_listed_with_their_total_size) {
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

UNIT_TEST(similar_findings_are_one_entry_with_grouping) {
  Text text;
  const std::vector<Finding> findings = {not_persisted(0x1000, 8, ByteState::Dirty, 1),
                                         not_persisted(0x1040, 8, ByteState::Dirty, 2),
                                         not_persisted(0x1080, 4, ByteState::Dirty, 1)};
  write_text_report(text.sink(), findings, test::words(Places()), {.grouping = Grouping::yes});
  assert_string_equal(text.c_str(),
                      "Number of stores not made persistent: 3\n"
                      "Stores not made persistent properly:\n"
                      "[0]    at 0x1: f1 (f.c:1)\n"
                      "   by 0x2: main (f.c:2)\n"
                      "\tAddress: 0x1000\tsize: 8\tstate: DIRTY\n"
                      "   and 1 more like it, 12 bytes in all, from 0x1000 to before 0x1084\n"
                      "[1]    at 0x1: f2 (f.c:1)\n"
                      "   by 0x2: main (f.c:2)\n"
                      "\tAddress: 0x1040\tsize: 8\tstate: DIRTY\n"
                      "Total memory not made persistent: 20\n"
                      "ERROR SUMMARY: 3 errors\n");
}

UNIT_TEST(more_than_25000_findings_of_a_kind_are_grouped_automatically) {
  const std::vector<Finding> findings(kMany + 1, not_persisted(0x1000, 8, ByteState::Dirty, 1));
  const std::string entry = "[0]    at 0x1: f1 (f.c:1)\n"
                            "   by 0x2: main (f.c:2)\n"
                            "\tAddress: 0x1000\tsize: 8\tstate: DIRTY\n"
                            "   and 25000 more like it, 200008 bytes in all, from 0x1000 to "
                            "before 0x1008\n"
                            "Total memory not made persistent: 200008\n";
  Text text;
  write_text_report(text.sink(), findings, test::words(Places()), {.error_summary = false});
  assert_string_equal(text.c_str(),
                      ("Number of stores not made persistent: 25001\n"
                       "Grouped because there are so many: --group=no lists each one\n"
                       "Stores not made persistent properly:\n" +
                       entry)
                          .c_str());
  Text asked;
  write_text_report(asked.sink(), findings, test::words(Places()),
                    {.error_summary = false, .grouping = Grouping::yes});
  assert_string_equal(asked.c_str(), ("Number of stores not made persistent: 25001\n"
                                      "Stores not made persistent properly:\n" +
                                      entry)
                                         .c_str());
}

UNIT_TEST(an_explained_entry_shows_its_fence_its_places_and_a_hint) {
  Text text;
  Finding f = not_persisted(0x1000, 8, ByteState::Dirty, 1);
  f.deadline = {DeadlineKind::Fence, StackId{2}};
  Places places;
  places.map_file(GuestRange::of(GuestAddr(0xfc0), 4096), "place7", 0);
  places.name(GuestRange::of(GuestAddr(0xff0), 64), "place8");
  f.place = places.at(f.bytes.begin);
  write_text_report(text.sink(), {&f, 1}, test::words(places), {.explain = true});
  assert_string_equal(
      text.c_str(),
      "Number of stores not made persistent: 1\n"
      "Stores not made persistent properly:\n"
      "[0]    at 0x1: f1 (f.c:1)\n"
      "   by 0x2: main (f.c:2)\n"
      "\tAddress: 0x1000\tsize: 8\tstate: DIRTY\n"
      "   The thread's first fence after it was here:\n"
      "[0]'   at 0x1: f2 (f.c:1)\n"
      "   by 0x2: main (f.c:2)\n"
      "   Address 0x1000 is 16 bytes into place8\n"
      "   Address 0x1000 is at offset 64 of place7\n"
      "   hint: flush the line after the store, and fence before anything depends on it\n"
      "Total memory not made persistent: 8\n"
      "ERROR SUMMARY: 1 errors\n");
}

UNIT_TEST(findings_that_were_reported_before_or_suppressed_are_counted) {
  Text text;
  TextReportOptions options;
  options.reported_before[static_cast<std::size_t>(FindingKind::UnnecessaryFlush)] = 2;
  options.suppressed = 3;
  write_text_report(text.sink(), {}, test::words(Places()), options);
  assert_string_equal(text.c_str(), "Number of stores not made persistent: 0\n"
                                    "\n"
                                    "Number of unnecessary flushes: 2\n"
                                    "Already reported: 2\n"
                                    "\n"
                                    "Number of suppressed findings: 3\n"
                                    "ERROR SUMMARY: 2 errors\n");
}

UNIT_TEST(a_report_refuses_stores_not_made_persistent_that_do_not_ascend_by_address) {
  Text text;
  const Finding findings[] = {not_persisted(0x2000, 8, ByteState::Dirty, 1),
                              not_persisted(0x1000, 8, ByteState::Dirty, 2)};
  expect_assert_failure(write_text_report(text.sink(), findings, test::words(Places()), {}));
}

UNIT_TEST(a_finding_written_alone_begins_with_what_was_found) {
  Text text;
  Finding f{.kind = FindingKind::Overwritten, .stack = StackId{1}, .later_stack = StackId{2}};
  f.bytes = GuestRange::of(GuestAddr(0x1000), 1);
  write_text_finding(text.sink(), f, test::words(Places()));
  assert_string_equal(text.c_str(),
                      "1 byte at 0x1000 was overwritten before it was durable\n"
                      "   at 0x1: f1 (f.c:1)\n"
                      "   by 0x2: main (f.c:2)\n"
                      " Overwritten here:\n"
                      "   at 0x1: f2 (f.c:1)\n"
                      "   by 0x2: main (f.c:2)\n"
                      " hint: persist the first store if recovery may need it, or remove it\n");
}
