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

UNIT_TEST(the_part_taken_away_is_told_with_the_older_stack_and_state) {
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

UNIT_TEST(touching_stores_of_one_place_are_overwritten_one_by_one) {
  Overwrites o;
  o.store(GuestRange::of(kBase, 8), StackId{1});
  o.store(GuestRange::of(kBase + 8, 8), StackId{1});
  o.store(GuestRange::of(kBase, 16), StackId{2});
  assert_int_equal(o.findings.size(), 2);
}

UNIT_TEST(a_durable_store_is_overwritten_in_silence) {
  Overwrites o;
  o.store(GuestRange::of(kBase, 8), StackId{1});
  o.machine.flush_line(ThreadNo{1}, LineAddr::holding(kBase), FlushOrder::Strong);
  o.store(GuestRange::of(kBase, 8), StackId{2});
  assert_true(o.findings.is_empty());
}

UNIT_TEST(a_repeated_store_is_no_finding_where_it_takes_the_whole_store) {
  Overwrites o;
  o.store(GuestRange::of(kBase, 8), StackId{1});
  o.store(GuestRange::of(kBase, 8), StackId{2}, StoredValue::Repeated);
  assert_true(o.findings.is_empty());
  o.store(GuestRange::of(kBase + 4, 8), StackId{3}, StoredValue::Repeated);
  assert_int_equal(o.findings.size(), 1);
}
