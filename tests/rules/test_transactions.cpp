// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/rules/transactions.h"

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr ThreadNo kOne{1};
constexpr ThreadNo kTwo{2};
constexpr TransactionName kSeven = TransactionName::chosen(7);
constexpr TransactionName kEight = TransactionName::chosen(8);
constexpr auto kOfThreadsInOne = TransactionDuty::OfThreadsInOne;
constexpr auto kAlways = TransactionDuty::Always;
constexpr GuestRange kWord = GuestRange::of(GuestAddr(0x1000), 8);

}  // namespace

UNIT_TEST(a_thread_in_no_transaction_may_store_unless_every_store_needs_a_transaction) {
  Transactions t;
  assert_false(is_outside_transaction(t, kOne, kWord, kOfThreadsInOne));
  assert_true(is_outside_transaction(t, kOne, kWord, kAlways));
}

UNIT_TEST(a_thread_in_a_transaction_may_store_to_what_it_added) {
  Transactions t;
  Vector<Finding> findings;
  t.start(kOne, kSeven, StackId{1});
  assert_true(is_outside_transaction(t, kOne, kWord, kOfThreadsInOne));
  add_to_transaction(t, kOne, kSeven, kWord, StackId{2}, findings);
  assert_false(is_outside_transaction(t, kOne, kWord, kOfThreadsInOne));
  assert_false(is_outside_transaction(t, kTwo, kWord, kOfThreadsInOne));
  assert_true(findings.is_empty());
}

UNIT_TEST(an_overlap_has_the_ranges_the_stacks_and_the_ids_of_both_transactions) {
  Transactions t;
  Vector<Finding> findings;
  t.start(kOne, kSeven, StackId{1});
  t.start(kTwo, kEight, StackId{2});
  add_to_transaction(t, kOne, kSeven, kWord, StackId{3}, findings);
  add_to_transaction(t, kTwo, kEight, GuestRange::of(GuestAddr(0x1004), 8), StackId{4}, findings);
  assert_int_equal(findings.size(), 1);
  assert_int_equal(findings[0].kind, FindingKind::TransactionOverlap);
  assert_int_equal(findings[0].stack, StackId{4});
  assert_int_equal(findings[0].transaction, 8);
  assert_int_equal(findings[0].earlier_stack, StackId{3});
  assert_int_equal(findings[0].earlier_transaction, 7);
  assert_true(findings[0].earlier_bytes == kWord);
}

UNIT_TEST(an_open_transaction_is_found_with_its_nesting) {
  Transactions t;
  Vector<Finding> findings;
  t.start(kOne, kSeven, StackId{1});
  t.start(kOne, kSeven, StackId{2});
  find_active_transactions(t, findings);
  assert_int_equal(findings.size(), 1);
  assert_int_equal(findings[0].transaction, 7);
  assert_int_equal(findings[0].nesting, 2);
  assert_int_equal(findings[0].stack, StackId{1});
}
