// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/machine.h"

namespace pmemcheck {

void Machine::store(GuestRange range, StackId stack) {
  if (pmem_.holds(range)) {
    store_persistent(range, stack);
  } else {
    pmem_.for_each_part(range, [&](GuestRange part) { store_persistent(part, stack); });
  }
}

void Machine::store_persistent(GuestRange range, StackId stack) {
  if (range.is_empty()) return;
  const LineAddr first = LineAddr::holding(range.begin);
  const LineAddr last = LineAddr::holding(GuestAddr(range.end.raw() - 1));
  for (LineAddr line = first; line <= last; line = line.next()) {
    const unsigned begin = line == first ? offset_in_line(range.begin) : 0;
    const unsigned end =
        line == last ? offset_in_line(GuestAddr(range.end.raw() - 1)) + 1 : unsigned{kLineBytes};
    store_in_line(line, begin, end, stack);
  }
  // A store over the edge of a line is one entry: bind its parts together again.
  for (LineAddr line = first; line < last; line = line.next()) {
    shadow_.get(line).joints.set_joined_to_next(true);
    shadow_.get(line.next()).joints.set_before(0, true);
  }
}

void Machine::store_in_line(LineAddr line, unsigned first, unsigned end, StackId stack) {
  Line& l = shadow_.get(line);
  const ByteMask bytes = ByteMask::of(first, end);
  l.origins.set(bytes, l.state.outstanding().without(bytes), stack, mixed_);
  l.state.store(bytes);
  PM_DCHECK(l.state.is_valid());
  l.joints.make_one(first, end);
  if (first > 0) {
    l.joints.set_before(first, may_join(l, first - 1));
  } else {
    Line* before = shadow_.find(line.previous());
    const bool joined = before != nullptr && may_join(*before, kLineBytes - 1);
    l.joints.set_before(0, joined);
    if (joined) before->joints.set_joined_to_next(true);
  }
  if (end < kLineBytes) {
    l.joints.set_before(end, may_join(l, end));
  } else {
    Line* after = shadow_.find(line.next());
    const bool joined = after != nullptr && may_join(*after, 0);
    l.joints.set_joined_to_next(joined);
    if (joined) after->joints.set_before(0, true);
  }
}

bool Machine::may_join(const Line& l, unsigned index) const {
  return joining_ == Joining::Touching && l.state.dirty().has(index);
}

ByteMask Machine::flush_line(ThreadNo thread, LineAddr line, FlushOrder order) {
  Line* l = shadow_.find(line);
  if (l == nullptr) return ByteMask();
  const ByteMask useful = l->state.dirty();
  l->joints.cut_before(0);
  l->joints.cut_before(kLineBytes);
  switch (order) {
  case FlushOrder::Weak: make_pending(thread, line, *l, ByteMask::all()); break;
  case FlushOrder::Strong: l->state.clean(ByteMask::all()); break;
  }
  return useful;
}

bool Machine::flush_range(ThreadNo thread, GuestRange range) {
  bool useful = false;
  shadow_.for_each_in(range, [&](LineAddr line, Line& l) {
    const ByteMask bytes = line.covered_by(range);
    if (line == LineAddr::holding(range.begin)) l.joints.cut_before(offset_in_line(range.begin));
    if (range.end <= line.bytes().end)
      l.joints.cut_before(static_cast<unsigned>(range.end - line.begin()));
    useful = useful || (l.state.dirty() & bytes).any();
    make_pending(thread, line, l, bytes);
  });
  return useful;
}

void Machine::make_pending(ThreadNo thread, LineAddr line, Line& l, ByteMask bytes) {
  const ByteMask before = l.state.pending();
  const ByteMask useful = l.state.flush(bytes);
  PM_DCHECK(l.state.is_valid());
  if (useful.any()) pending_.flushed(thread, line, useful, before, l.owner);
}

bool Machine::fence(ThreadNo thread) {
  bool durable = false;
  pending_.fence(
      thread, [&](LineAddr line) -> Line& { return shadow_.get(line); },
      [&](Line& l, ByteMask bytes) { durable = l.state.fence(bytes).any() || durable; });
  return durable;
}

bool Machine::set_clean(GuestRange range) {
  bool forgotten = false;
  shadow_.for_each_in(range, [&](LineAddr line, Line& l) {
    forgotten = l.state.clean(line.covered_by(range)).any() || forgotten;
  });
  return forgotten;
}

}  // namespace pmemcheck
