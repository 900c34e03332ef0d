// group.h: findings that differ only in the bytes that they are about.
//
// Floor 3.  Tested in tests/report/test_group.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "pmemcheck/base/grouping.h"
#include "pmemcheck/report/hashed_list.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// One finding, or several of one kind and state with the same stacks.
struct Group {
  Finding first;
  std::uint64_t count = 1;
  std::uint64_t bytes = 0;  // the sum over all findings; bytes found twice count twice
  GuestRange range = {};    // from the lowest byte to the end of the highest

  static Group of(const Finding& f) {
    return Group{.first = f, .bytes = f.bytes.size(), .range = f.bytes};
  }
  // REQUIRES: holds(f).
  void add(const Finding& f) {
    PM_DCHECK(holds(f));
    count++;
    bytes += f.bytes.size();
    if (f.bytes.begin < range.begin) range.begin = f.bytes.begin;
    if (range.end < f.bytes.end) range.end = f.bytes.end;
  }
  // RETURNS: whether `f` differs from the group's findings only in its bytes.
  bool holds(const Finding& f) const {
    return first.kind == f.kind && first.state == f.state && first.stack == f.stack &&
           first.later_stack == f.later_stack && first.earlier_stack == f.earlier_stack;
  }
};

// Findings in groups, in the order in which the first of each group was added.
class Groups {
 public:
  // RETURNS: whether `f` began a new group.
  bool add(const Finding& f) {
    const std::uint64_t hash = hash_of(f);
    const std::uint32_t number = groups_.find(hash, [&](const Group& g) { return g.holds(f); });
    if (number != 0)
      groups_[number].add(f);
    else
      groups_.add(hash, Group::of(f));
    return number == 0;
  }
  // Adds `f` as a group of its own, which no other finding joins.
  void add_alone(const Finding& f) { groups_.add_unhashed(Group::of(f)); }
  std::size_t size() const { return groups_.size(); }
  const Group* begin() const { return groups_.begin(); }
  const Group* end() const { return groups_.end(); }

 private:
  static std::uint64_t hash_of(const Finding& f) {
    std::uint64_t hash = index_of(f.kind);
    for (const StackId stack : {f.stack, f.later_stack, f.earlier_stack})
      hash = (hash ^ static_cast<std::uint32_t>(stack)) * 0x9e3779b97f4a7c15u;
    return hash;
  }

  HashedList<Group> groups_;
};

// Calls visit(group) for each group of `findings`, in the order of the first finding of each.
template <class Visit>
void for_each_group(std::span<const Finding> findings, Grouping grouping, Visit visit) {
  std::size_t of_kind[kFindingKinds] = {};
  for (const Finding& f : findings) of_kind[index_of(f.kind)]++;
  const auto is_one_of_many = [&](const Finding& f) {
    return is_grouped(of_kind[index_of(f.kind)], grouping);
  };
  if (std::none_of(findings.begin(), findings.end(), is_one_of_many)) {
    for (const Finding& f : findings) visit(Group::of(f));
    return;
  }
  Groups groups;
  for (const Finding& f : findings)
    if (is_one_of_many(f))
      groups.add(f);
    else
      groups.add_alone(f);
  for (const Group& g : groups) visit(g);
}

}  // namespace pmemcheck
