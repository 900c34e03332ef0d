// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/rules/not_persisted.h"

#include <memory>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

const auto kSameStack = [](StackId a, StackId b) { return a == b; };
constexpr GuestAddr kBase(0x10000);

}  // namespace

UNIT_TEST(every_outstanding_entry_is_a_finding_in_order_of_address) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  machine.add_pmem(GuestRange::of(kBase, 4096));
  machine.store(GuestRange::of(kBase + 256, 4), StackId{2});
  machine.store(GuestRange::of(kBase, 8), StackId{1});
  machine.flush_line(ThreadNo{1}, LineAddr::holding(kBase), FlushOrder::Weak);
  Vector<Finding> findings;
  find_not_persisted(machine, kSameStack, findings);
  assert_int_equal(findings.size(), 2);
  assert_true(findings[0].bytes == GuestRange::of(kBase, 8));
  assert_int_equal(findings[0].kind, FindingKind::NotPersisted);
  assert_int_equal(findings[0].state, ByteState::Pending);
  assert_int_equal(findings[0].stack, StackId{1});
  assert_true(findings[1].bytes == GuestRange::of(kBase + 256, 4));
  assert_int_equal(findings[1].state, ByteState::Dirty);
}

UNIT_TEST(what_was_flushed_and_fenced_is_no_finding) {
  const auto filter = std::make_unique<StoreFilter>();
  Machine machine(*filter);
  machine.add_pmem(GuestRange::of(kBase, 4096));
  machine.store(GuestRange::of(kBase, 8), StackId{1});
  machine.flush_line(ThreadNo{1}, LineAddr::holding(kBase), FlushOrder::Weak);
  machine.fence(ThreadNo{1});
  Vector<Finding> findings;
  find_not_persisted(machine, kSameStack, findings);
  assert_true(findings.is_empty());
}
