// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/transaction.h"

namespace pmemcheck {

namespace {

template <class T>
void erase_value(Vector<T>& values, T value) {
  for (std::size_t i = 0; i < values.size(); i++)
    if (values[i] == value) {
      values[i] = values.back();
      values.pop_back();
      return;
    }
}

}  // namespace

void Transactions::start(ThreadNo thread, TransactionName name, StackId stack) {
  Index index = find(name);
  if (index == kNone) index = open(name, stack);
  all_[index].nesting++;
  join(thread, index);
}

TransactionResult Transactions::end(TransactionName name) {
  const Index index = find(name);
  if (index == kNone) return TransactionResult::NoSuchTransaction;
  if (--all_[index].nesting == 0) close(index);
  return TransactionResult::Done;
}

TransactionResult Transactions::remove(ThreadNo thread, TransactionName name, GuestRange range) {
  Index index = kNone;
  const TransactionResult result = find_for(thread, name, &index);
  if (result == TransactionResult::Done) release(index, range);
  return result;
}

TransactionResult Transactions::add_thread(ThreadNo thread, TransactionName name) {
  const Index index = find(name);
  if (index == kNone) return TransactionResult::NoSuchTransaction;
  join(thread, index);
  return TransactionResult::Done;
}

TransactionResult Transactions::remove_thread(ThreadNo thread, TransactionName name) {
  Index index = kNone;
  const TransactionResult result = find_for(thread, name, &index);
  if (result == TransactionResult::Done) leave(thread, index);
  return result;
}

bool Transactions::is_in_any(ThreadNo thread) const {
  const auto number = static_cast<std::size_t>(thread);
  return number < joined_.size() && !joined_[number].is_empty();
}

bool Transactions::covers(ThreadNo thread, GuestRange range) const {
  const auto number = static_cast<std::size_t>(thread);
  for (GuestAddr at = range.begin; at < range.end;) {
    GuestAddr covered_to = at;
    if (const auto* entry = ignored_.find(at)) covered_to = entry->range.end;
    if (number < joined_.size())
      for (const Index index : joined_[number]) {
        const auto* entry = all_[index].ranges.find(at);
        if (entry != nullptr && entry->range.end > covered_to) covered_to = entry->range.end;
      }
    if (covered_to == at) return false;
    at = covered_to;
  }
  return true;
}

Transactions::Index Transactions::find(TransactionName name) {
  const Index* index = names(name).find(name.id);
  return index != nullptr ? *index : kNone;
}

TransactionResult Transactions::find_for(ThreadNo thread, TransactionName name, Index* index) {
  *index = find(name);
  if (*index == kNone) return TransactionResult::NoSuchTransaction;
  for (const ThreadNo member : all_[*index].threads)
    if (member == thread) return TransactionResult::Done;
  return TransactionResult::ThreadNotInIt;
}

Transactions::Index Transactions::open(TransactionName name, StackId stack) {
  Index index = free_;
  if (index != kNone) {
    free_ = all_[index].next;
  } else {
    index = static_cast<Index>(all_.size());
    all_.resize_at_least(index + 1);
  }
  Transaction& t = all_[index];
  t.name = name;
  t.stack = stack;
  t.nesting = 0;
  t.previous = last_open_;
  t.next = kNone;
  (last_open_ != kNone ? all_[last_open_].next : first_open_) = index;
  last_open_ = index;
  names(name).get(name.id) = index;
  return index;
}

void Transactions::close(Index index) {
  release(index, GuestRange::everything());
  Transaction& t = all_[index];
  while (!t.threads.is_empty()) leave(t.threads.back(), index);
  if (t.is_entangled) erase_value(entangled_, index);
  t.is_entangled = false;
  (t.previous != kNone ? all_[t.previous].next : first_open_) = t.next;
  (t.next != kNone ? all_[t.next].previous : last_open_) = t.previous;
  names(t.name).erase(t.name.id);
  t.next = free_;
  free_ = index;
}

void Transactions::join(ThreadNo thread, Index index) {
  for (const ThreadNo member : all_[index].threads)
    if (member == thread) return;
  all_[index].threads.push_back(thread);
  const auto number = static_cast<std::size_t>(thread);
  joined_.resize_at_least(number + 1);
  joined_[number].push_back(index);
}

void Transactions::leave(ThreadNo thread, Index index) {
  erase_value(all_[index].threads, thread);
  erase_value(joined_[static_cast<std::size_t>(thread)], index);
}

void Transactions::hold(Index index, AddedRange added) {
  all_[index].ranges.assign_gaps(added.range, added);
  holders_.assign_gaps(added.range, index);
}

void Transactions::release(Index index, GuestRange range) {
  RangeMap<AddedRange>& own = all_[index].ranges;
  while (const auto* entry = own.first_in(range)) {
    const GuestRange part = entry->range.intersection(range);
    own.erase(part);
    holders_.erase_value(part, index);
  }
}

void Transactions::entangle(Index index) {
  if (all_[index].is_entangled) return;
  all_[index].is_entangled = true;
  entangled_.push_back(index);
}

}  // namespace pmemcheck
