// group.h: findings that say the same of different bytes.
//
// Floor 3.  Tested in tests/report/test_group.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "pmemcheck/base/grouping.h"
#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/vector.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// One finding, or several of one kind and state with the same stacks.
struct Group {
  Finding first;
  std::uint64_t count = 1;
  std::uint64_t bytes = 0;  // of all, as often as they were found
  GuestRange range = {};    // from the lowest byte to behind the highest

  static Group of(const Finding& f) {
    return Group{.first = f, .bytes = f.bytes.size(), .range = f.bytes};
  }
  void add(const Finding& f) {
    count++;
    bytes += f.bytes.size();
    if (f.bytes.begin < range.begin) range.begin = f.bytes.begin;
    if (range.end < f.bytes.end) range.end = f.bytes.end;
  }
  // RETURNS: whether `f` says the same.
  bool holds(const Finding& f) const {
    return first.kind == f.kind && first.state == f.state && first.stack == f.stack &&
           first.later_stack == f.later_stack && first.earlier_stack == f.earlier_stack;
  }
};

// Findings, in the order in which the first of each group came.
class Groups {
 public:
  // RETURNS: whether nothing before said the same.
  bool add(const Finding& f) {
    std::uint32_t& newest = newest_.get(hash_of(f));
    for (std::uint32_t number = newest; number != 0; number = older_[number - 1])
      if (groups_[number - 1].holds(f)) {
        groups_[number - 1].add(f);
        return false;
      }
    push_back(f, newest);
    newest = static_cast<std::uint32_t>(groups_.size());
    return true;
  }
  // As a group that nothing joins.
  void add_alone(const Finding& f) { push_back(f, 0); }
  std::size_t size() const { return groups_.size(); }
  const Group* begin() const { return groups_.begin(); }
  const Group* end() const { return groups_.end(); }

 private:
  static std::uint64_t hash_of(const Finding& f) {
    std::uint64_t hash = static_cast<std::uint64_t>(f.kind);
    for (const StackId stack : {f.stack, f.later_stack, f.earlier_stack})
      hash = (hash ^ static_cast<std::uint32_t>(stack)) * 0x9e3779b97f4a7c15u;
    return hash;
  }

  void push_back(const Finding& f, std::uint32_t older) {
    groups_.push_back(Group::of(f));
    older_.push_back(older);
  }

  Vector<Group> groups_;
  // Groups with equal hashes, by their index + 1; 0 ends them.
  HashMap<std::uint32_t> newest_;
  Vector<std::uint32_t> older_;  // by index: the one before it
};

// Calls visit(group) for each group of `findings`, in the order of the first of each.
template <class Visit>
void for_each_group(std::span<const Finding> findings, Grouping grouping, Visit visit) {
  std::size_t of_kind[kFindingKinds] = {};
  for (const Finding& f : findings) of_kind[static_cast<std::size_t>(f.kind)]++;
  const auto is_one_of_many = [&](const Finding& f) {
    return is_grouped(of_kind[static_cast<std::size_t>(f.kind)], grouping);
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
