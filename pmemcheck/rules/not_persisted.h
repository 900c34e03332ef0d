// not_persisted.h: the rule that every store becomes durable.
//
// Floor 2.  Tested in tests/rules/test_not_persisted.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <tuple>

#include "pmemcheck/base/vector.h"
#include "pmemcheck/model/machine.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// Adds a finding for each entry that is outstanding in `range`, lowest address first.
// `unmapped_at` is the stack of the call that is about to unmap the range, or None if it stays
// mapped.  Findings in memory that the program withdrew itself do not get that stack.
// same_place: see Machine::for_each_entry_in.
template <class SamePlace>
void find_not_persisted(Machine& machine, GuestRange range, StackId unmapped_at,
                        SamePlace same_place, Vector<Finding>& findings) {
  machine.for_each_entry_in(range, same_place, [&](const Entry& e) {
    if (e.stack == StackId::Silent) return;
    const bool is_withdrawn = !machine.pmem().overlaps(e.bytes);
    findings.push_back(Finding{.kind = FindingKind::NotPersisted,
                               .state = e.state,
                               .stack = e.stack,
                               .bytes = e.bytes,
                               .later_stack = is_withdrawn ? StackId::None : unmapped_at});
  });
}

// Sorts by address, then by size and stacks, so that equal runs give equal reports.
inline void sort_by_address(Vector<Finding>& findings) {
  const auto key = [](const Finding& f) {
    return std::tuple(f.bytes.begin, f.bytes.end, f.stack, f.later_stack);
  };
  std::sort(findings.begin(), findings.end(),
            [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
}

}  // namespace pmemcheck
