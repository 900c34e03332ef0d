// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/rules/overwrites.h"

#include <memory>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr GuestAddr kBase(0x10000);

struct Overwrites {
  std::unique_ptr<StoreFilter> filter = std::make_unique<StoreFilter>();
  Machine machine{*filter, {.joining = Joining::Never}};
  Vector<Finding> findings;

  Overwrites() { machine.add_pmem(GuestRange::of(kBase, 4096)); }
  void store(GuestRange range, StackId stack, StoredValue value = StoredValue::MayDiffer) {
    check_overwrite(machine, range, stack, value, findings);
    machine.store(ThreadNo{1}, range, stack);
  }
};

}  // namespace

UNIT_TEST(an_overwritten_part_has_the_stack_and_the_state_of_the_older_store) {
  Overwrites o;
  o.store(GuestRange::of(kBase, 8), StackId{1});
  o.machine.flush_line(ThreadNo{1}, LineAddr::holding(kBase), FlushOrder::Weak);
  o.store(GuestRange::of(kBase + 4, 8), StackId{2});
  assert_int_equal(o.findings.size(), 1);
  assert_int_equal(o.findings[0].kind, FindingKind::Overwritten);
  assert_int_equal(o.findings[0].stack, StackId{1});
  assert_int_equal(o.findings[0].state, ByteState::Pending);
  assert_true(o.findings[0].bytes == GuestRange::of(kBase + 4, 4));
}

UNIT_TEST(touching_stores_with_one_stack_are_overwritten_one_by_one) {
  Overwrites o;
  o.store(GuestRange::of(kBase, 8), StackId{1});
  o.store(GuestRange::of(kBase + 8, 8), StackId{1});
  o.store(GuestRange::of(kBase, 16), StackId{2});
  assert_int_equal(o.findings.size(), 2);
}

UNIT_TEST(overwriting_a_durable_store_is_no_finding) {
  Overwrites o;
  o.store(GuestRange::of(kBase, 8), StackId{1});
  o.machine.flush_line(ThreadNo{1}, LineAddr::holding(kBase), FlushOrder::Strong);
  o.store(GuestRange::of(kBase, 8), StackId{2});
  assert_true(o.findings.is_empty());
}

UNIT_TEST(repeating_a_whole_store_is_no_finding_but_overwriting_a_part_of_it_is) {
  Overwrites o;
  o.store(GuestRange::of(kBase, 8), StackId{1});
  o.store(GuestRange::of(kBase, 8), StackId{2}, StoredValue::Repeated);
  assert_true(o.findings.is_empty());
  o.store(GuestRange::of(kBase + 4, 8), StackId{3}, StoredValue::Repeated);
  assert_int_equal(o.findings.size(), 1);
}
