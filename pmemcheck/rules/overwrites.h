// overwrites.h: the rule that a store becomes durable before it is overwritten.
//
// Floor 2.  Tested in tests/rules/test_overwrites.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/vector.h"
#include "pmemcheck/model/machine.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// How the value that is being stored compares with the value before.
enum class StoredValue {
  MayDiffer,
  Repeated,  // the same bytes as the last store to exactly this range: see LastStores
};

// `stored` is about to be stored to, at `stack`: adds a finding for each part of an older store
// that is not durable, unless the new store only repeats that store.
inline void check_overwrite(Machine& machine, GuestRange stored, StackId stack, StoredValue value,
                            Vector<Finding>& findings) {
  const auto same_stack = [](StackId a, StackId b) { return a == b; };
  machine.for_each_entry_in(stored, same_stack, [&](const Entry& e) {
    if (value == StoredValue::Repeated && e.bytes == stored) return;
    if (e.stack == StackId::Silent) return;
    findings.push_back(Finding{.kind = FindingKind::Overwritten,
                               .state = e.state,
                               .stack = e.stack,
                               .bytes = e.bytes,
                               .later_stack = stack});
  });
}

}  // namespace pmemcheck
