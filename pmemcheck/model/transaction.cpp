// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/transaction.h"

#include "pmemcheck/base/check.h"

namespace pmemcheck {

void Transactions::start(ThreadNo thread, TransactionName name, StackId stack) {
  PM_CHECK(thread != ThreadNo::None);
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
  PM_CHECK(thread != ThreadNo::None);
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

// Programs unmap and move memory that no transaction holds, too.  So these two visit only the
// transactions that hold a part of it, and not all that are open.

void Transactions::forget(GuestRange range) {
  if (!has_holders_) {
    for (Index i = first_open_; i != kNone; i = all_[i].next) release(i, range);
    return;
  }
  while (const auto* holder = holders_.first_in(range)) release(Index{holder->value}, range);
  for (const Index index : entangled_) release(index, range);
}

void Transactions::move(GuestRange from, GuestAddr to) {
  PM_CHECK(!from.overlaps(GuestRange::of(to, from.size())));
  const auto move_part = [&](Index index, GuestRange part) {
    all_[index].ranges.move(part, part.moved(from.begin, to).begin,
                            [&](AddedRange added, std::uint64_t) {
                              added.range = added.range.intersection(from).moved(from.begin, to);
                              return added;
                            });
  };
  if (has_holders_) {
    for (const Index index : entangled_) move_part(index, from);
    holders_.for_each_in(from, [&](const auto& entry) {
      if (!all_[entry.value].is_entangled) move_part(entry.value, entry.range.intersection(from));
    });
    holders_.move(from, to);
  } else {
    for (Index i = first_open_; i != kNone; i = all_[i].next) move_part(i, from);
  }
  // What is ignored at the target stays ignored.
  Vector<GuestRange> ignored;
  ignored_.for_each_in(
      from, [&](const auto& entry) { ignored.push_back(entry.range.intersection(from)); });
  ignored_.erase(from);
  for (const GuestRange part : ignored) ignored_.assign(part.moved(from.begin, to), Ignored{});
}

bool Transactions::covers(ThreadNo thread, GuestRange range) const {
  for (GuestAddr at = range.begin; at < range.end;) {
    GuestAddr covered_to = held_to(thread, at);
    if (const auto* entry = ignored_.find(at); entry != nullptr && entry->range.end > covered_to)
      covered_to = entry->range.end;
    if (covered_to == at) return false;
    at = covered_to;
  }
  return true;
}

GuestAddr Transactions::held_to(ThreadNo thread, GuestAddr at) const {
  GuestAddr end = at;
  const auto ask = [&](Index index) {
    const auto* entry = all_[index].ranges.find(at);
    if (entry != nullptr && entry->range.end > end) end = entry->range.end;
  };
  if (!is_in_any(thread)) return end;
  const Vector<Index>& joined = joined_[static_cast<std::size_t>(thread)];
  constexpr std::size_t kFew = 4;
  if (joined.size() <= kFew) {
    for (const Index index : joined) ask(index);
  } else {
    if (const auto* holder = holders_.find(at); holder != nullptr && is_in(thread, holder->value))
      ask(holder->value);
    for (const Index index : entangled_)
      if (is_in(thread, index)) ask(index);
  }
  return end;
}

Transactions::Index Transactions::find(TransactionName name) {
  const Index* index = names(name).find(name.id);
  return index != nullptr ? *index : kNone;
}

TransactionResult Transactions::find_for(ThreadNo thread, TransactionName name, Index* index) {
  *index = find(name);
  if (*index == kNone) return TransactionResult::NoSuchTransaction;
  return is_in(thread, *index) ? TransactionResult::Done : TransactionResult::ThreadNotInIt;
}

Transactions::Index Transactions::member(ThreadNo thread, Index index) const {
  const Vector<Member>& members = all_[index].threads;
  for (Index i = 0; i < members.size(); i++)
    if (members[i].thread == thread) return i;
  return kNone;
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
  if (++open_ == 2 && !has_holders_) {
    has_holders_ = true;
    all_[t.previous].ranges.for_each_in(GuestRange::everything(), [&](const auto& entry) {
      holders_.assign_gaps(entry.range, t.previous);
    });
  }
  return index;
}

void Transactions::close(Index index) {
  Transaction& t = all_[index];
  if (--open_ == 0) {
    holders_.clear();
    has_holders_ = false;
  }
  if (has_holders_) release(index, GuestRange::everything());
  t.ranges.clear();
  while (!t.threads.is_empty()) leave(t.threads.back().thread, index);
  if (t.is_entangled) disentangle(index);
  (t.previous != kNone ? all_[t.previous].next : first_open_) = t.next;
  (t.next != kNone ? all_[t.next].previous : last_open_) = t.previous;
  names(t.name).erase(t.name.id);
  t.next = free_;
  free_ = index;
}

void Transactions::join(ThreadNo thread, Index index) {
  if (is_in(thread, index)) return;
  const auto number = static_cast<std::size_t>(thread);
  joined_.resize_at_least(number + 1);
  Vector<Index>& joined = joined_[number];
  all_[index].threads.push_back(Member{thread, static_cast<Index>(joined.size())});
  joined.push_back(index);
}

// REQUIRES: the thread is in it.
void Transactions::leave(ThreadNo thread, Index index) {
  Vector<Member>& members = all_[index].threads;
  Member& leaving = members[member(thread, index)];
  Vector<Index>& joined = joined_[static_cast<std::size_t>(thread)];
  // The last transaction in the thread's list takes its position there.
  const Index last = joined.back();
  all_[last].threads[member(thread, last)].position = leaving.position;
  joined[leaving.position] = last;
  joined.pop_back();
  leaving = members.back();
  members.pop_back();
}

void Transactions::hold(Index index, AddedRange added) {
  all_[index].ranges.assign_gaps(added.range, added);
  if (has_holders_) holders_.assign_gaps(added.range, index);
}

void Transactions::release(Index index, GuestRange range) {
  RangeMap<AddedRange>& own = all_[index].ranges;
  if (!has_holders_) return own.erase(range);
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

void Transactions::disentangle(Index index) {
  all_[index].is_entangled = false;
  for (Index& entangled : entangled_)
    if (entangled == index) {
      entangled = entangled_.back();
      entangled_.pop_back();
      return;
    }
}

}  // namespace pmemcheck
