// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/rules/assertions.h"

#include <memory>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr GuestAddr kBase(0x10000);
constexpr ThreadNo kThread{1};

constexpr GuestRange word(std::uint64_t number) {
  return GuestRange::of(kBase + 8 * number, 8);
}
bool same(StackId a, StackId b) {
  return a == b;
}

struct Program {
  std::unique_ptr<StoreFilter> filter = std::make_unique<StoreFilter>();
  Machine machine{*filter, {}};
  Orders orders;
  Vector<Finding> findings;

  Program() { machine.add_pmem(GuestRange::of(kBase, 4096)); }
  void store(GuestRange range, StackId stack) {
    check_order(machine, orders, range, stack, same, findings);
    machine.store(kThread, range, stack);
  }
  void persist(GuestRange range) {
    machine.flush_range(kThread, range);
    machine.fence(kThread);
  }
  bool is_durable(GuestRange range) {
    return check_durable(machine, range, StackId{9}, same, findings);
  }
};

}  // namespace

UNIT_TEST(asserting_that_a_durable_range_is_durable_is_no_finding) {
  Program p;
  p.store(word(0), StackId{1});
  p.persist(word(0));
  assert_true(p.is_durable(word(0)));
  assert_true(p.findings.is_empty());
}

UNIT_TEST(a_failed_assertion_of_durability_has_the_stacks_of_the_assertion_and_of_the_store) {
  Program p;
  p.store(word(0), StackId{1});
  p.machine.flush_range(kThread, word(0));
  assert_false(p.is_durable(word(0)));
  assert_int_equal(p.findings.size(), 1);
  assert_int_equal(p.findings[0].kind, FindingKind::NotDurable);
  assert_int_equal(p.findings[0].stack, StackId{9});
  assert_int_equal(p.findings[0].earlier_stack, StackId{1});
  assert_int_equal(p.findings[0].state, ByteState::Pending);
}

UNIT_TEST(a_silent_store_fails_an_assertion_of_durability_without_a_finding) {
  Program p;
  p.store(word(0), StackId::Silent);
  assert_false(p.is_durable(word(0)));
  assert_true(p.findings.is_empty());
}

UNIT_TEST(a_store_after_what_it_depends_on_is_durable_is_no_finding) {
  Program p;
  p.store(word(0), StackId{1});
  p.persist(word(0));
  p.orders.expect(word(0), word(8));
  p.store(word(8), StackId{2});
  assert_true(p.findings.is_empty());
}

UNIT_TEST(a_store_before_what_it_depends_on_is_durable_is_found_once) {
  Program p;
  p.orders.expect(word(0), word(8));
  p.store(word(0), StackId{1});
  p.store(word(8), StackId{2});
  p.store(word(8), StackId{3});
  assert_int_equal(p.findings.size(), 1);
  assert_int_equal(p.findings[0].kind, FindingKind::OutOfOrder);
  assert_int_equal(p.findings[0].stack, StackId{2});
  assert_int_equal(p.findings[0].earlier_stack, StackId{1});
  assert_true(p.findings[0].earlier_bytes == word(0));
}
