// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/rules/not_persisted.h"

#include <memory>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

const auto kSameStack = [](StackId a, StackId b) { return a == b; };
constexpr GuestAddr kBase(0x10000);

}  // namespace

UNIT_TEST(every_outstanding_store_is_found_in_order_of_address) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  machine.add_pmem(GuestRange::of(kBase, 4096));
  machine.store(ThreadNo{1}, GuestRange::of(kBase + 256, 4), StackId{2});
  machine.store(ThreadNo{1}, GuestRange::of(kBase, 8), StackId{1});
  machine.flush_line(ThreadNo{1}, LineAddr::holding(kBase), FlushOrder::Weak);
  Vector<Finding> findings;
  find_not_persisted(machine, GuestRange::everything(), StackId::None, kSameStack, findings);
  assert_int_equal(findings.size(), 2);
  assert_true(findings[0].bytes == GuestRange::of(kBase, 8));
  assert_int_equal(findings[0].kind, FindingKind::NotPersisted);
  assert_int_equal(findings[0].state, ByteState::Pending);
  assert_int_equal(findings[0].stack, StackId{1});
  assert_true(findings[1].bytes == GuestRange::of(kBase + 256, 4));
  assert_int_equal(findings[1].state, ByteState::Dirty);
}

UNIT_TEST(a_flushed_and_fenced_store_is_no_finding) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  machine.add_pmem(GuestRange::of(kBase, 4096));
  machine.store(ThreadNo{1}, GuestRange::of(kBase, 8), StackId{1});
  machine.flush_line(ThreadNo{1}, LineAddr::holding(kBase), FlushOrder::Weak);
  machine.fence(ThreadNo{1});
  Vector<Finding> findings;
  find_not_persisted(machine, GuestRange::everything(), StackId::None, kSameStack, findings);
  assert_true(findings.is_empty());
}

UNIT_TEST(stores_lost_with_their_mapping_have_the_stack_of_the_unmapping_unless_withdrawn_before) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  machine.add_pmem(GuestRange::of(kBase, 4096));
  machine.store(ThreadNo{1}, GuestRange::of(kBase, 8), StackId{1});
  machine.store(ThreadNo{1}, GuestRange::of(kBase + 2048, 8), StackId{2});
  machine.remove_pmem(GuestRange::of(kBase + 2048, 2048));
  Vector<Finding> findings;
  find_not_persisted(machine, GuestRange::of(kBase, 4096), StackId{9}, kSameStack, findings);
  assert_int_equal(findings.size(), 2);
  assert_int_equal(findings[0].later_stack, StackId{9});
  assert_int_equal(findings[1].later_stack, StackId::None);
}

UNIT_TEST(findings_are_sorted_by_address_and_then_by_stack) {
  Vector<Finding> findings;
  for (const std::uint64_t i : {5, 3, 4, 1, 2})
    findings.push_back(Finding{.stack = StackId{static_cast<std::uint32_t>(i)},
                               .bytes = GuestRange::of(kBase + 8 * (i / 2), 8)});
  sort_by_address(findings);
  for (std::uint32_t i = 0; i < 5; i++) assert_int_equal(findings[i].stack, StackId{i + 1});
}
