// transaction.h: open transactions: the memory that the program can restore if it fails.
//
// A transaction has one or more threads and a set of ranges.  A thread in a transaction should
// store only to ranges of the transactions that it is in, or to ignored ranges.  A transaction is
// named by an id that the program chose, or it is implicit, one for each thread; the two kinds do
// not share numbers.
//
// Floor 1.  Tested in tests/model/test_transaction.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/range_map.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/base/vector.h"

namespace pmemcheck {

// The name of a transaction.
struct TransactionName {
  static constexpr TransactionName own(ThreadNo t) { return {true, std::uint64_t(t)}; }
  static constexpr TransactionName chosen(std::uint64_t id) { return {false, id}; }
  bool is_implicit;
  std::uint64_t id;  // of an implicit transaction: its thread's number
  constexpr bool operator==(const TransactionName&) const = default;
};

enum class TransactionResult {
  Done,
  NoSuchTransaction,
  ThreadNotInIt,
};

// A range as it was added to a transaction.
struct AddedRange {
  GuestRange range;
  StackId stack;
  constexpr bool operator==(const AddedRange&) const = default;
};

class Transactions {
 public:
  // Opens the transaction, or nests it if it is open.  `thread` joins it.
  // REQUIRES of every thread here: not ThreadNo::None.
  void start(ThreadNo thread, TransactionName name, StackId stack);
  // Ends the innermost nesting; with the outermost one, ends the transaction.
  TransactionResult end(TransactionName name);

  // Adds `range` to the transaction.  Calls overlap(other_name, added) for each range `added` of
  // another transaction that overlaps it.
  template <class Overlap>
  TransactionResult add(ThreadNo thread, TransactionName name, GuestRange range, StackId stack,
                        Overlap overlap) {
    Index index = kNone;
    const TransactionResult result = find_for(thread, name, &index);
    if (result != TransactionResult::Done) return result;
    for_each_other_holder(index, range, [&](Index other) {
      const AddedRange* reported = nullptr;
      all_[other].ranges.for_each_in(range, [&](const auto& entry) {
        if (reported == nullptr || *reported != entry.value) overlap(all_[other].name, entry.value);
        reported = &entry.value;
      });
      entangle(index);
    });
    hold(index, AddedRange{range, stack});
    return result;
  }
  TransactionResult remove(ThreadNo thread, TransactionName name, GuestRange range);

  TransactionResult add_thread(ThreadNo thread, TransactionName name);
  TransactionResult remove_thread(ThreadNo thread, TransactionName name);

  // Stores to `range` need no transaction, for the rest of the run.
  void ignore(GuestRange range) { ignored_.assign(range, Ignored{}); }

  // The memory at `range` is no longer mapped: no transaction holds it.  Ignored ranges stay
  // ignored.
  void forget(GuestRange range);
  // The memory of `from` has moved to `to`, with the ranges of transactions and the ignored ranges.
  // Ignored ranges at `to` stay ignored.
  // REQUIRES: the two do not overlap, and `to` has been forgotten.
  void move(GuestRange from, GuestAddr to);

  bool is_in_any(ThreadNo thread) const {
    const auto number = static_cast<std::size_t>(thread);
    return number < joined_.size() && !joined_[number].is_empty();
  }
  // RETURNS: whether every byte of `range` is ignored or in a transaction of `thread`.
  bool covers(ThreadNo thread, GuestRange range) const;

  // Calls visit(name, stack, nesting) for each open transaction, in the order in which they were
  // opened.  stack: where it was opened.  nesting: 1 if it is not nested.  REQUIRES: visit does not
  // change the transactions.
  template <class Visit>
  void for_each_open(Visit visit) const {
    for (Index i = first_open_; i != kNone; i = all_[i].next)
      visit(all_[i].name, all_[i].stack, all_[i].nesting);
  }

 private:
  using Index = std::uint32_t;  // into all_
  static constexpr Index kNone = ~Index{0};
  struct Ignored {
    constexpr bool operator==(const Ignored&) const = default;
  };
  struct Member {
    ThreadNo thread;
    Index position;  // of the transaction in joined_[thread]
  };
  struct Transaction {
    TransactionName name;
    StackId stack = StackId::None;
    std::uint32_t nesting = 0;  // 0: the slot is free
    RangeMap<AddedRange> ranges;
    Vector<Member> threads;
    bool is_entangled = false;
    Index previous = kNone;  // in the order of opening
    Index next = kNone;      // the same; in a free slot the next free one
  };

  HashMap<Index>& names(TransactionName name) { return name.is_implicit ? own_ : chosen_; }
  Index find(TransactionName name);
  // RETURNS: the index of `thread` in the transaction's `threads`, or kNone.
  Index member(ThreadNo thread, Index index) const;
  bool is_in(ThreadNo thread, Index index) const { return member(thread, index) != kNone; }
  TransactionResult find_for(ThreadNo thread, TransactionName name, Index* index);
  Index open(TransactionName name, StackId stack);
  void close(Index index);
  void join(ThreadNo thread, Index index);
  void leave(ThreadNo thread, Index index);
  void hold(Index index, AddedRange added);
  void release(Index index, GuestRange range);
  void entangle(Index index);
  void disentangle(Index index);
  // RETURNS: the end of a run of bytes from `at` on that one transaction of `thread` holds; `at` if
  // none holds it.
  GuestAddr held_to(ThreadNo thread, GuestAddr at) const;

  // Calls visit(index) once for each transaction except `self` that holds a byte of `range`.
  template <class Visit>
  void for_each_other_holder(Index self, GuestRange range, Visit visit) {
    Vector<Index> others;
    const auto note = [&](Index index) {
      for (const Index known : others)
        if (known == index) return;
      if (index != self) others.push_back(index);
    };
    holders_.for_each_in(range, [&](const auto& entry) { note(entry.value); });
    for (const Index index : entangled_)
      if (all_[index].ranges.first_in(range) != nullptr) note(index);
    for (const Index index : others) visit(index);
  }

  Vector<Transaction> all_;
  Index free_ = kNone;
  Index first_open_ = kNone;
  Index last_open_ = kNone;
  HashMap<Index> own_;            // by thread number
  HashMap<Index> chosen_;         // by id
  Vector<Vector<Index>> joined_;  // by thread number: the transactions that it is in
  RangeMap<Ignored> ignored_;
  std::size_t open_ = 0;
  // The transaction that holds a byte, or the first to do so if several do.  The others are
  // entangled, and are searched one by one.  Maintained from the time when two transactions are
  // open until none is.
  RangeMap<Index> holders_;
  bool has_holders_ = false;
  Vector<Index> entangled_;
};

}  // namespace pmemcheck
