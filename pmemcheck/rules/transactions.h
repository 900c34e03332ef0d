// transactions.h: the rules of transactions: add what you change, share no range, end what you
// begin.
//
// Floor 2.  Tested in tests/rules/test_transactions.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/vector.h"
#include "pmemcheck/model/transaction.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// Which stores have to be in a transaction.
enum class TransactionDuty {
  OfThreadsInOne,  // those of threads that are in a transaction
  Always,          // all
};

// RETURNS: whether a store by `thread` to `stored` breaks the rule.
// REQUIRES: `stored` is the store as it was made, before entries join.
inline bool is_outside_transaction(const Transactions& transactions, ThreadNo thread,
                                   GuestRange stored, TransactionDuty duty) {
  if (duty == TransactionDuty::OfThreadsInOne && !transactions.is_in_any(thread)) return false;
  return !transactions.covers(thread, stored);
}

// Adds `range` to a transaction, and a finding for each overlapping range of another transaction.
inline TransactionResult add_to_transaction(Transactions& transactions, ThreadNo thread,
                                            TransactionName name, GuestRange range, StackId stack,
                                            Vector<Finding>& findings) {
  return transactions.add(thread, name, range, stack,
                          [&](TransactionName other, const AddedRange& earlier) {
                            findings.push_back(Finding{.kind = FindingKind::TransactionOverlap,
                                                       .stack = stack,
                                                       .bytes = range,
                                                       .earlier_stack = earlier.stack,
                                                       .earlier_bytes = earlier.range,
                                                       .transaction = name.id,
                                                       .earlier_transaction = other.id});
                          });
}

// Adds a finding for each open transaction.
inline void find_active_transactions(const Transactions& transactions, Vector<Finding>& findings) {
  transactions.for_each_open([&](TransactionName name, StackId stack, std::uint32_t nesting) {
    findings.push_back(Finding{.kind = FindingKind::ActiveTransaction,
                               .stack = stack,
                               .transaction = name.id,
                               .nesting = nesting});
  });
}

}  // namespace pmemcheck
