// flushes.h: the rule that every flush is useful.
//
// A flush of a store that is already flushed is redundant; a flush that meets no outstanding store
// is unnecessary.  Neither loses data, both cost time.  The first flush of a non-temporal store is
// not redundant, because libraries annotate such a store with a DO_FLUSH.
//
// Floor 2.  Tested in tests/rules/test_flushes.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/vector.h"
#include "pmemcheck/model/machine.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// `flushed` is about to be flushed, at `stack`: adds a finding for each store that is already
// flushed, or one for the flush if there is no outstanding store.
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
