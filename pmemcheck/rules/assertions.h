// assertions.h: the rules that the program states itself: a range is durable now, or before another
// range is stored to.
//
// Floor 2.  Tested in tests/rules/test_assertions.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/vector.h"
#include "pmemcheck/model/machine.h"
#include "pmemcheck/model/orders.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// The program asserts, at `stack`, that `range` is durable: adds a finding for each entry that is
// outstanding there, unless its store is silent.
// RETURNS: whether the range is durable.  same_place: see Machine::for_each_entry_in.
template <class SamePlace>
bool check_durable(Machine& machine, GuestRange range, StackId stack, SamePlace same_place,
                   Vector<Finding>& findings) {
  bool durable = true;
  machine.for_each_entry_in(range, same_place, [&](const Entry& e) {
    durable = false;
    if (e.stack == StackId::Silent) return;
    findings.push_back(Finding{.kind = FindingKind::NotDurable,
                               .state = e.state,
                               .stack = stack,
                               .bytes = e.bytes,
                               .earlier_stack = e.stack});
  });
  return durable;
}

// `stored` is about to be stored to, at `stack`: adds a finding for each range that has to be
// durable before and is not.
template <class SamePlace>
void check_order(Machine& machine, Orders& orders, GuestRange stored, StackId stack,
                 SamePlace same_place, Vector<Finding>& findings) {
  orders.stored(stored, [&](std::span<const GuestRange> first) {
    bool is_found = false;
    const auto add = [&](const Entry& e) {
      if (is_found) return;
      is_found = true;
      findings.push_back(Finding{.kind = FindingKind::OutOfOrder,
                                 .state = e.state,
                                 .stack = stack,
                                 .bytes = stored,
                                 .earlier_stack = e.stack,
                                 .earlier_bytes = e.bytes});
    };
    for (const GuestRange part : first) machine.for_each_entry_in(part, same_place, add);
  });
}

}  // namespace pmemcheck
