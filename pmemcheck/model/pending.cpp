// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/pending.h"

namespace pmemcheck {

bool SharedLines::add(LineAddr line, ThreadNo thread, ByteMask bytes) {
  Head& head = heads_.get(line);
  bool found = false;
  for (Index i = head.first; i != 0; i = shares_[i - 1].next) {
    Share& share = shares_[i - 1];
    share.bytes = share.bytes.without(bytes);
    if (share.thread == thread) {
      share.bytes |= bytes;
      found = true;
    }
  }
  if (found) return false;
  Index fresh = free_;
  if (fresh != 0) {
    free_ = shares_[fresh - 1].next;
  } else {
    shares_.push_back(Share{});
    fresh = static_cast<Index>(shares_.size());
  }
  shares_[fresh - 1] = Share{thread, bytes, head.first};
  head.first = fresh;
  return true;
}

ByteMask SharedLines::take(LineAddr line, ThreadNo thread) {
  Head& head = heads_.get(line);
  for (Index* link = &head.first; *link != 0; link = &shares_[*link - 1].next) {
    const Index i = *link;
    if (shares_[i - 1].thread != thread) continue;
    const ByteMask bytes = shares_[i - 1].bytes;
    *link = shares_[i - 1].next;
    release(i);
    return bytes;
  }
  return ByteMask();
}

bool SharedLines::has(LineAddr line) {
  const Head* head = heads_.find(line);
  return head != nullptr && head->first != 0;
}

void SharedLines::forget(LineAddr line) {
  Index& first = heads_.get(line).first;
  while (first != 0) {
    const Index share = first;
    first = shares_[share - 1].next;
    release(share);
  }
}

void SharedLines::release(Index share) {
  shares_[share - 1].next = free_;
  free_ = share;
}

void PendingSets::flushed(ThreadNo thread, LineAddr line, ByteMask bytes, ByteMask before,
                          PendingOwner& owner) {
  PM_DCHECK(bytes.any());
  if (owner.is(thread)) return;  // the line is in the thread's list already
  if (!owner.is_shared() && !before.any()) {
    owner.become(thread);  // from nobody, or from a thread whose bytes were stored to again
  } else if (!owner.is_shared()) {
    shared_.add(line, owner.thread(), before);
    shared_.add(line, thread, bytes);
    owner.become_shared();
  } else if (!shared_.add(line, thread, bytes)) {
    return;
  }
  lines_of(thread).push_back(line);
}

void PendingSets::moved(LineAddr from, LineAddr to, PendingOwner owner) {
  if (owner.is_shared())
    shared_.move(from, to, [&](ThreadNo thread) { lines_of(thread).push_back(to); });
  else if (!owner.is_nobody())
    lines_of(owner.thread()).push_back(to);
}

Vector<LineAddr>& PendingSets::lines_of(ThreadNo thread) {
  const auto index = static_cast<std::size_t>(thread);
  threads_.resize_at_least(index + 1);
  return threads_[index];
}

}  // namespace pmemcheck
