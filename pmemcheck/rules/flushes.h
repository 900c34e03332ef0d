// flushes.h: the rule that every flush does something.
//
// A flush of a store that is flushed already is redundant; a flush that meets no store at all is
// unnecessary.  Neither loses data, both cost time.  A non-temporal store has not been flushed:
// those who annotate it say that they flushed it, and are right to.
//
// Floor 2.  Tested in tests/rules/test_flushes.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/vector.h"
#include "pmemcheck/model/machine.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// `flushed` is about to be flushed, at `stack`: adds what is to be said about it to `findings`.
// same_place: see Machine::for_each_entry_in.
template <class SamePlace>
void check_flush(Machine& machine, GuestRange flushed, StackId stack, SamePlace same_place,
                 Vector<Finding>& findings) {
  bool met_a_store = false;
  machine.for_each_entry_in(flushed, same_place, [&](const Entry& e) {
    met_a_store = true;
    if (e.state == ByteState::Pending && e.stack != StackId::Silent)
      findings.push_back(Finding{.kind = FindingKind::RedundantFlush,
                                 .state = e.state,
                                 .stack = e.stack,
                                 .bytes = e.bytes,
                                 .later_stack = stack});
  });
  if (!met_a_store)
    findings.push_back(
        Finding{.kind = FindingKind::UnnecessaryFlush, .stack = stack, .bytes = flushed});
}

}  // namespace pmemcheck
