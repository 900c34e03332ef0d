// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/xml_report.h"

#include <string>

#include "tests/report/words.h"
#include "tests/text.h"
#include "tests/unit.h"

using namespace pmemcheck;
using test::Text;

namespace {

std::string_view frame(void*, StackId stack) {
  static std::string words;
  words = "    <frame>" + std::to_string(static_cast<unsigned>(stack)) + "</frame>\n";
  return words;
}

}  // namespace

UNIT_TEST(a_finding_in_xml_has_its_kind_its_stacks_and_its_facts) {
  Text text;
  Finding f{.stack = StackId{1}, .bytes = GuestRange::of(GuestAddr(0x1000), 8)};
  f.later_stack = StackId{2};
  Places places;
  places.map_file(GuestRange::of(GuestAddr(0xfc0), 4096), "place1", 0);
  f.place = places.at(f.bytes.begin);
  Group group = Group::of(f);
  group.add(f);
  write_xml_finding(text.sink(), group, {{frame, nullptr}, places});
  assert_string_equal(
      text.c_str(),
      "  <kind>NotPersisted</kind>\n"
      "  <what>8 bytes at 0x1000 were stored and never flushed</what>\n"
      "  <stack>\n    <frame>1</frame>\n  </stack>\n"
      "  <auxwhat>Its mapping went away here</auxwhat>\n"
      "  <stack>\n    <frame>2</frame>\n  </stack>\n"
      "  <auxwhat>Address 0x1000 is at offset 64 of place1</auxwhat>\n"
      "  <auxwhat>hint: flush the line after the store, and fence before anything depends on "
      "it</auxwhat>\n"
      "  <pmemcheck>\n"
      "    <address>0x1000</address>\n"
      "    <size>8</size>\n"
      "    <state>DIRTY</state>\n"
      "    <file>place1</file>\n"
      "    <offset>64</offset>\n"
      "    <count>2</count>\n"
      "    <bytes>16</bytes>\n"
      "    <lowest>0x1000</lowest>\n"
      "    <end>0x1008</end>\n"
      "  </pmemcheck>\n");
}

UNIT_TEST(markup_in_names_is_escaped_and_control_characters_become_question_marks) {
  Text text;
  Places places;
  const GuestRange mapping = GuestRange::of(GuestAddr(0x1000), 4096);
  places.map_file(mapping, "a<b>&\"c\"\n", 0);
  MappedParts parts;
  parts.add(mapping, places);
  write_xml_mappings(text.sink(), parts, places);
  assert_string_equal(text.c_str(), "<pmem>\n"
                                    "  <mapping>\n"
                                    "    <base>0x1000</base>\n"
                                    "    <size>4096</size>\n"
                                    "    <file>a&lt;b&gt;&amp;\"c\"?</file>\n"
                                    "    <offset>0</offset>\n"
                                    "  </mapping>\n"
                                    "</pmem>\n\n");
}
