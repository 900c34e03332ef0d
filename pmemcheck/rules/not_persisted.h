// not_persisted.h: the rule that everything stored is durable in the end.
//
// Floor 2.  Tested in tests/rules/test_not_persisted.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/vector.h"
#include "pmemcheck/model/machine.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// Adds a finding for each entry that is outstanding in `machine`, lowest address first.
// same_place: see Machine::for_each_entry_in.
template <class SamePlace>
void find_not_persisted(Machine& machine, SamePlace same_place, Vector<Finding>& findings) {
  machine.for_each_entry_in(GuestRange::everything(), same_place, [&](const Entry& e) {
    findings.push_back(Finding{
        .kind = FindingKind::NotPersisted, .state = e.state, .stack = e.stack, .bytes = e.bytes});
  });
}

}  // namespace pmemcheck
