// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/pending.h"

namespace pmemcheck {

bool SharedLines::add(LineAddr line, ThreadNo thread, ByteMask bytes) {
  Index& head = heads_.get(line.number());
  bool found = false;
  for (Index i = head; i != 0; i = shares_[i - 1].next) {
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
  shares_[fresh - 1] = Share{thread, bytes, head};
  head = fresh;
  return true;
}

ByteMask SharedLines::take(LineAddr line, ThreadNo thread) {
  Index* head = heads_.find(line.number());
  if (head == nullptr) return ByteMask();
  for (Index* link = head; *link != 0; link = &shares_[*link - 1].next) {
    const Index i = *link;
    if (shares_[i - 1].thread != thread) continue;
    const ByteMask bytes = shares_[i - 1].bytes;
    *link = shares_[i - 1].next;
    release(i);
    if (*head == 0) heads_.erase(line.number());
    return bytes;
  }
  return ByteMask();
}

bool SharedLines::has(LineAddr line) {
  return heads_.find(line.number()) != nullptr;
}

void SharedLines::forget(LineAddr line) {
  while (has(line)) take(line, shares_[*heads_.find(line.number()) - 1].thread);
}

void SharedLines::release(Index share) {
  shares_[share - 1].next = free_;
  free_ = share;
}

bool PendingSets::share(ThreadNo thread, LineAddr line, ByteMask bytes, ByteMask before,
                        PendingOwner& owner) {
  if (!owner.is_shared()) {
    shared_.add(line, owner.thread(), before);
    owner.become_shared();
  }
  return shared_.add(line, thread, bytes);
}

void PendingSets::moved(LineAddr from, LineAddr to, PendingOwner owner) {
  if (owner.is_shared())
    shared_.move(from, to, [&](ThreadNo thread) { lines_of(thread).add(to.bytes()); });
  else if (!owner.is_nobody())
    lines_of(owner.thread()).add(to.bytes());
}

}  // namespace pmemcheck
