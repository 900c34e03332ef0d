// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/group.h"

#include <vector>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

Finding lost(std::uint64_t address, std::uint32_t stack, std::uint32_t later = 0) {
  return {.state = ByteState::Dirty,
          .stack = StackId{stack},
          .bytes = GuestRange::of(GuestAddr(address), 8),
          .later_stack = StackId{later}};
}

}  // namespace

UNIT_TEST(a_group_of_findings_has_their_count_their_bytes_and_their_range) {
  Groups groups;
  assert_true(groups.add(lost(0x2000, 1)));
  assert_false(groups.add(lost(0x1000, 1)));
  assert_false(groups.add(lost(0x3000, 1)));
  assert_int_equal(groups.size(), 1);
  const Group& g = *groups.begin();
  assert_int_equal(g.count, 3);
  assert_int_equal(g.bytes, 24);
  assert_true(g.first.bytes.begin == GuestAddr(0x2000));
  assert_true((g.range == GuestRange{GuestAddr(0x1000), GuestAddr(0x3008)}));
}

UNIT_TEST(findings_with_other_stacks_states_or_kinds_are_in_other_groups) {
  Groups groups;
  Finding flushed = lost(0x1000, 1), overwritten = lost(0x1000, 1);
  flushed.state = ByteState::Pending;
  overwritten.kind = FindingKind::Overwritten;
  assert_true(groups.add(lost(0x1000, 1)));
  assert_true(groups.add(lost(0x1000, 2)));
  assert_true(groups.add(lost(0x1000, 1, 2)));
  assert_true(groups.add(flushed));
  assert_true(groups.add(overwritten));
  assert_false(groups.add(flushed));
  assert_int_equal(groups.size(), 5);
}

UNIT_TEST(groups_are_in_the_order_of_their_first_findings) {
  std::vector<Finding> findings;
  for (std::uint32_t i = 0; i < 3000; i++) findings.push_back(lost(64 * i, 1 + i % 1000));
  std::uint32_t next = 1;
  for_each_group(findings, Grouping::yes, [&](const Group& g) {
    assert_int_equal(g.first.stack, StackId{next++});
    assert_int_equal(g.count, 3);
  });
  assert_int_equal(next, 1001);
  std::size_t each = 0;
  for_each_group(findings, Grouping::no, [&](const Group&) { each++; });
  assert_int_equal(each, 3000);
}

UNIT_TEST(automatic_grouping_is_only_for_kinds_with_many_findings) {
  std::vector<Finding> findings(kMany, lost(0x1000, 1));
  Finding overwritten = lost(0x1000, 1);
  overwritten.kind = FindingKind::Overwritten;
  findings.insert(findings.begin(), 2, overwritten);
  const auto counts = [&] {
    std::vector<std::uint64_t> found;
    for_each_group(findings, Grouping::automatic,
                   [&](const Group& g) { found.push_back(g.count); });
    return found;
  };
  assert_true(counts() == std::vector<std::uint64_t>(2 + kMany, 1));
  findings.push_back(lost(0x2000, 1));
  assert_true((counts() == std::vector<std::uint64_t>{1, 1, kMany + 1}));
}
