// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/machine.h"

#include <algorithm>

namespace pmemcheck {

void Machine::store(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind) {
  if (shadow_.capacity() > most_lines_) give_back();
  const auto store_part = [&](GuestRange part) {
    if (domains_.size() == 0) return store_in_domain(thread, part, stack, kind, rules_.domain);
    GuestAddr at = part.begin;
    domains_.for_each_in(part, [&](const auto& own) {
      const GuestRange inside = own.range.intersection(part);
      store_in_domain(thread, {at, inside.begin}, stack, kind, rules_.domain);
      store_in_domain(thread, inside, stack, kind, own.value);
      at = inside.end;
    });
    store_in_domain(thread, {at, part.end}, stack, kind, rules_.domain);
  };
  pmem_.for_each_part(range, store_part);
}

void Machine::store_in_domain(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind,
                              Domain domain) {
  if (range.is_empty()) return;
  // A non-temporal store waits in a buffer that no domain includes.
  if (domain == Domain::eadr && kind == StoreKind::Ordinary)
    set_clean(range);
  else
    store_persistent(thread, range, stack, kind);
}

void Machine::store_persistent(ThreadNo thread, GuestRange range, StackId stack, StoreKind kind) {
  const LineAddr first = LineAddr::holding(range.begin);
  const LineAddr last = LineAddr::holding(GuestAddr(range.end.raw() - 1));
  for (LineAddr line = first; line <= last; line = line.next())
    store_in_line(thread, line, line.covered_by(range), stack, kind);
  // A store over the edge of a line is one entry: bind its parts together again.
  for (LineAddr line = first; line < last; line = line.next()) {
    shadow_.get(line).joints.set_joined_to_next(true);
    shadow_.get(line.next()).joints.set_before(0, true);
  }
}

void Machine::store_in_line(ThreadNo thread, LineAddr line, ByteMask bytes, StackId stack,
                            StoreKind kind) {
  Line& l = shadow_.get(line);
  l.origins.set(bytes, l.state.outstanding().without(bytes), stack, mixed_);
  switch (kind) {
  case StoreKind::Ordinary: l.state.store(bytes); break;
  case StoreKind::NonTemporal: {
    const ByteMask before = l.state.pending().without(bytes);
    l.state.store_non_temporal(bytes);
    pending_.flushed(drained_by(thread), line, bytes, before, l.owner);
    break;
  }
  }
  join_in_line(line, l, bytes.first(), bytes.end(),
               kind == StoreKind::Ordinary ? ByteState::Dirty : ByteState::NonTemporal);
}

void Machine::join_in_line(LineAddr line, Line& l, unsigned first, unsigned end, ByteState state) {
  l.joints.make_one(first, end);
  if (first > 0) {
    l.joints.set_before(first, may_join(l, first - 1, state));
  } else {
    Line* before = shadow_.find(line.previous());
    const bool joined = before != nullptr && may_join(*before, kLineBytes - 1, state);
    l.joints.set_before(0, joined);
    if (joined) before->joints.set_joined_to_next(true);
  }
  if (end < kLineBytes) {
    l.joints.set_before(end, may_join(l, end, state));
  } else {
    Line* after = shadow_.find(line.next());
    const bool joined = after != nullptr && may_join(*after, 0, state);
    l.joints.set_joined_to_next(joined);
    if (joined) after->joints.set_before(0, true);
  }
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
  if (useful.any()) pending_.flushed(drained_by(thread), line, useful, before, l.owner);
}

bool Machine::fence(ThreadNo thread) {
  bool durable = false;
  pending_.fence(
      drained_by(thread), [&](LineAddr line) { return shadow_.find(line); },
      [&](Line& l, ByteMask bytes) {
        durable = l.state.fence(bytes).any() || durable;
        fenced_lines_++;
      });
  if (fenced_lines_ >= shadow_.capacity() / 2 && shadow_.capacity() > kLinesToKeep) give_back();
  return durable;
}

bool Machine::set_clean(GuestRange range) {
  bool forgotten = false;
  shadow_.for_each_in(range, [&](LineAddr line, Line& l) {
    forgotten = l.state.clean(line.covered_by(range)).any() || forgotten;
  });
  return forgotten;
}

void Machine::give_back() {
  shadow_.give_back(
      [](const Line& l) { return !l.state.outstanding().any(); },
      [&](Line& l) { l.origins.set(ByteMask::all(), ByteMask(), StackId::None, mixed_); });
  most_lines_ = std::max(kLinesToKeep, 2 * shadow_.capacity());
  fenced_lines_ = 0;
}

void Machine::unmap(GuestRange range) {
  set_clean(range);
  remove_pmem(range);
  known_.remove(range);
  domains_.erase(range);
}

void Machine::move(GuestRange from, GuestAddr to) {
  PM_CHECK(offset_in_line(from.begin) == 0 && offset_in_line(to) == 0);
  const std::uint64_t shift = to - from.begin;  // wraps where memory moves down
  if (!knows(from)) return;
  for (GuestRange part = pmem_.first_part(from); !part.is_empty(); part = pmem_.first_part(from)) {
    remove_pmem(part);
    add_pmem(GuestRange::of(part.begin + shift, part.size()));
  }
  known_.move(from, to);
  domains_.move(from, to);
  // What joined across the edges there is no neighbour here.
  const LineAddr first = LineAddr::holding(to);
  const LineAddr behind = LineAddr::holding(to + from.size());
  if (Line* before = shadow_.find(first.previous())) before->joints.cut_before(kLineBytes);
  if (Line* after = shadow_.find(behind)) after->joints.cut_before(0);
  Vector<LineAddr> lines;
  shadow_.for_each_in(from, [&](LineAddr line, const Line& l) {
    if (l.state.outstanding().any()) lines.push_back(line);
  });
  for (const LineAddr line : lines) {
    const LineAddr there = LineAddr::holding(line.begin() + shift);
    Line& target = shadow_.get(there);
    Line& source = shadow_.get(line);
    // What `there` has left over from clean bytes would be lost for good.
    target.origins.set(ByteMask::all(), ByteMask(), StackId::None, mixed_);
    pending_.moved(line, there, source.owner);
    target = source;
    if (there == first) target.joints.cut_before(0);
    if (there.next() == behind) target.joints.cut_before(kLineBytes);
    source = Line{};
  }
}

}  // namespace pmemcheck
