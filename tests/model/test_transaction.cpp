// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/transaction.h"

#include <map>
#include <set>
#include <vector>

#include "tests/random.h"
#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr ThreadNo kOne{1};
constexpr ThreadNo kTwo{2};
constexpr TransactionName kSeven = TransactionName::chosen(7);
constexpr TransactionName kEight = TransactionName::chosen(8);
constexpr auto kDone = TransactionResult::Done;
constexpr auto kNoSuch = TransactionResult::NoSuchTransaction;
constexpr auto kNotInIt = TransactionResult::ThreadNotInIt;

GuestRange range(std::uint64_t begin, std::uint64_t end) {
  return {GuestAddr(begin), GuestAddr(end)};
}

// Adds the range.  RETURNS: the ids of the transactions that it overlaps.
std::multiset<std::uint64_t> add(Transactions& t, ThreadNo thread, TransactionName name,
                                 GuestRange r, StackId stack = StackId{1}) {
  std::multiset<std::uint64_t> overlaps;
  const auto overlap = [&](TransactionName other, const AddedRange&) { overlaps.insert(other.id); };
  assert_int_equal(t.add(thread, name, r, stack, overlap), kDone);
  return overlaps;
}

TransactionResult try_to_add(Transactions& t, ThreadNo thread, TransactionName name) {
  return t.add(thread, name, range(0, 8), StackId{1}, [](TransactionName, const AddedRange&) {});
}

}  // namespace

UNIT_TEST(a_nested_transaction_keeps_its_ranges_until_the_outermost_end) {
  Transactions t;
  t.start(kOne, kSeven, StackId{1});
  t.start(kOne, kSeven, StackId{2});
  add(t, kOne, kSeven, range(0, 8));
  assert_int_equal(t.end(kSeven), kDone);
  assert_true(t.covers(kOne, range(0, 8)));
  assert_int_equal(t.end(kSeven), kDone);
  assert_false(t.is_in_any(kOne));
  assert_false(t.covers(kOne, range(0, 8)));
  assert_int_equal(t.end(kSeven), kNoSuch);
}

UNIT_TEST(an_implicit_transaction_is_not_the_one_with_a_chosen_id_of_the_same_number) {
  Transactions t;
  t.start(kOne, TransactionName::own(kOne), StackId{1});
  assert_int_equal(t.end(TransactionName::chosen(1)), kNoSuch);
  t.start(kTwo, TransactionName::chosen(1), StackId{1});
  add(t, kTwo, TransactionName::chosen(1), range(0, 8));
  assert_false(t.covers(kOne, range(0, 8)));
  assert_int_equal(t.end(TransactionName::own(kOne)), kDone);
  assert_true(t.covers(kTwo, range(0, 8)));
}

UNIT_TEST(an_unknown_transaction_and_a_thread_not_in_it_give_different_results) {
  Transactions t;
  assert_int_equal(try_to_add(t, kOne, kSeven), kNoSuch);
  assert_int_equal(t.remove(kOne, kSeven, range(0, 8)), kNoSuch);
  assert_int_equal(t.add_thread(kOne, kSeven), kNoSuch);
  assert_int_equal(t.remove_thread(kOne, kSeven), kNoSuch);
  t.start(kOne, kSeven, StackId{1});
  assert_int_equal(try_to_add(t, kTwo, kSeven), kNotInIt);
  assert_int_equal(t.remove(kTwo, kSeven, range(0, 8)), kNotInIt);
  assert_int_equal(t.remove_thread(kTwo, kSeven), kNotInIt);
  assert_int_equal(t.add_thread(kTwo, kSeven), kDone);
  assert_int_equal(t.add_thread(kTwo, kSeven), kDone);
  assert_int_equal(try_to_add(t, kTwo, kSeven), kDone);
  assert_int_equal(t.remove_thread(kTwo, kSeven), kDone);
  assert_int_equal(try_to_add(t, kTwo, kSeven), kNotInIt);
}

UNIT_TEST(a_store_may_be_covered_by_several_transactions_and_ignored_ranges) {
  Transactions t;
  t.start(kOne, kSeven, StackId{1});
  t.start(kOne, kEight, StackId{1});
  add(t, kOne, kSeven, range(0, 8));
  add(t, kOne, kEight, range(8, 16));
  assert_true(t.covers(kOne, range(4, 12)));
  assert_false(t.covers(kOne, range(12, 20)));
  t.ignore(range(16, 32));
  assert_true(t.covers(kOne, range(12, 20)));
  t.remove(kOne, kEight, range(12, 13));
  assert_false(t.covers(kOne, range(12, 20)));
}

UNIT_TEST(an_overlap_with_another_transaction_is_reported_with_its_stack) {
  Transactions t;
  t.start(kOne, kSeven, StackId{1});
  t.start(kTwo, kEight, StackId{1});
  add(t, kOne, kSeven, range(0, 64), StackId{5});
  int overlaps = 0;
  t.add(kTwo, kEight, range(32, 96), StackId{6}, [&](TransactionName other, const AddedRange& r) {
    overlaps++;
    assert_int_equal(other.id, 7);
    assert_true(r.range == range(0, 64));
    assert_int_equal(r.stack, StackId{5});
  });
  assert_int_equal(overlaps, 1);
  assert_true(add(t, kOne, kSeven, range(0, 64)).size() == 1);
  assert_int_equal(t.end(kSeven), kDone);
  assert_true(add(t, kTwo, kEight, range(0, 64)).empty());
}

UNIT_TEST(open_transactions_are_visited_in_the_order_of_their_opening) {
  Transactions t;
  t.start(kOne, kEight, StackId{1});
  t.start(kOne, kSeven, StackId{2});
  t.start(kOne, TransactionName::own(kOne), StackId{3});
  t.start(kOne, kEight, StackId{4});
  t.end(kSeven);
  std::vector<std::uint64_t> ids;
  t.for_each_open([&](TransactionName name, StackId stack, std::uint32_t nesting) {
    ids.push_back(name.id);
    assert_int_equal(nesting, name == kEight ? 2 : 1);
    assert_int_equal(stack, name == kEight ? StackId{1} : StackId{3});
  });
  assert_true(ids == (std::vector<std::uint64_t>{8, 1}));
}

UNIT_TEST(transactions_agree_with_sets_of_bytes) {
  for (std::uint64_t seed = 0; seed < 600; seed++) {
    // In a small memory all ranges overlap; in a large one they change owners without overlapping.
    const std::uint64_t memory = seed % 2 == 0 ? 64 : 600;
    const std::uint64_t ids = seed % 3 == 0 ? 9 : 4;
    test::Random random(seed);
    Transactions t;
    std::map<std::uint64_t, std::set<std::uint64_t>> open;  // id -> bytes
    std::set<std::uint64_t> ignored;
    for (int step = 0; step < 150; step++) {
      const std::uint64_t id = random.below(ids);
      const TransactionName name = TransactionName::chosen(id);
      const std::uint64_t begin = random.below(memory);
      const std::uint64_t end = begin + 1 + random.below(12);
      switch (random.below(8)) {
      case 6:
        t.forget(range(begin, end));
        for (auto& [other, bytes] : open)
          for (std::uint64_t b = begin; b < end; b++) bytes.erase(b);
        break;
      case 7: {
        // Move to memory that no other step uses, and back.
        const GuestRange from = range(begin, end);
        const GuestAddr away(memory + 1000);
        t.move(from, away);
        assert_false(t.covers(kOne, from));
        t.move(GuestRange::of(away, from.size()), from.begin);
        break;
      }
      case 0:
        if (open.count(id) == 0) t.start(kOne, name, StackId{1}), open[id];
        break;
      case 1: assert_int_equal(t.end(name), open.erase(id) != 0 ? kDone : kNoSuch); break;
      case 2:
        assert_int_equal(t.remove(kOne, name, range(begin, end)),
                         open.count(id) != 0 ? kDone : kNoSuch);
        if (open.count(id) != 0)
          for (std::uint64_t b = begin; b < end; b++) open[id].erase(b);
        break;
      default: {
        if (open.count(id) == 0) break;
        std::set<std::uint64_t> expected;
        for (const auto& [other, bytes] : open)
          for (std::uint64_t b = begin; b < end; b++)
            if (other != id && bytes.count(b) != 0) expected.insert(other);
        const auto overlapped = add(t, kOne, name, range(begin, end));
        assert_true(std::set<std::uint64_t>(overlapped.begin(), overlapped.end()) == expected);
        for (std::uint64_t b = begin; b < end; b++) open[id].insert(b);
      }
      }
      bool covered = true;
      for (std::uint64_t b = begin; b < end; b++) {
        bool held = false;
        for (const auto& [other, bytes] : open) held = held || bytes.count(b) != 0;
        covered = covered && held;
      }
      assert_int_equal(t.covers(kOne, range(begin, end)), covered);
      assert_int_equal(t.is_in_any(kOne), !open.empty());
    }
  }
}

UNIT_TEST(ranges_of_transactions_and_ignored_ranges_move_with_the_memory) {
  Transactions t;
  t.start(kOne, kSeven, StackId{1});
  add(t, kOne, kSeven, range(0, 8), StackId{5});
  t.ignore(range(8, 16));
  t.ignore(range(1020, 1024));  // where nothing is mapped yet
  t.move(range(4, 64), GuestAddr(1004));
  assert_true(t.covers(kOne, range(0, 4)));
  assert_true(t.covers(kOne, range(1004, 1016)));
  assert_true(t.covers(kOne, range(1020, 1024)));
  assert_false(t.covers(kOne, range(4, 5)));
  assert_false(t.covers(kOne, range(15, 16)));
  t.start(kOne, kEight, StackId{2});
  AddedRange met = {};
  t.add(kOne, kEight, range(1004, 1005), StackId{3},
        [&](TransactionName, const AddedRange& added) { met = added; });
  assert_true((met == AddedRange{range(1004, 1008), StackId{5}}));
}

UNIT_TEST(what_a_thread_in_many_transactions_may_store_to_moves_with_the_memory) {
  Transactions t;
  for (std::uint64_t id = 0; id < 8; id++) {
    t.start(kOne, TransactionName::chosen(id), StackId{1});
    add(t, kOne, TransactionName::chosen(id), range(8 * id, 8 * id + 8));
  }
  t.move(range(0, 64), GuestAddr(1000));
  assert_true(t.covers(kOne, range(1000, 1064)));
  assert_false(t.covers(kOne, range(0, 1)));
}

UNIT_TEST(no_transaction_holds_memory_that_was_unmapped) {
  Transactions t;
  t.start(kOne, kSeven, StackId{1});
  add(t, kOne, kSeven, range(0, 16));
  t.ignore(range(16, 24));
  t.forget(range(0, 24));
  assert_false(t.covers(kOne, range(0, 1)));
  assert_true(t.covers(kOne, range(16, 24)));  // for the rest of the run
  t.start(kOne, kEight, StackId{2});
  assert_true(add(t, kOne, kEight, range(0, 16)).empty());
}

UNIT_TEST(a_transaction_of_no_thread_fails_the_check) {
  Transactions transactions;
  const auto name = TransactionName::chosen(1);
  expect_assert_failure(transactions.start(ThreadNo::None, name, StackId{1}));
  expect_assert_failure(transactions.add_thread(ThreadNo::None, name));
}
