// finding.h: what a rule found, in facts.  The words are the report's.
//
// Floor 2.  Tested with the rules.  The kinds are the list pmemcheck/tables/findings.def.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/types.h"
#include "pmemcheck/model/line_state.h"

namespace pmemcheck {

enum class FindingKind : std::uint8_t {
#define PM_FINDING(Id, severity, count, heading, title, hint) Id,
#include "pmemcheck/tables/findings.def"
#undef PM_FINDING
};

// Which members say something depends on the kind:
//
//   NotPersisted        bytes, state, stack (of the store); later_stack (of what unmapped the
//                       memory, or None where it is still mapped)
//   OutsideTransaction  bytes, stack (of the store)
//   TransactionOverlap  bytes, stack, transaction of the range that was added; earlier_* of the one
//                       that another transaction held
//   ActiveTransaction   stack (of its opening), transaction, nesting
//   RedundantFlush      bytes, state, stack (of the store); later_stack (of the flush)
//   UnnecessaryFlush    bytes, stack (of the flush)
//   Overwritten         bytes, state, stack (of the store that was lost)
struct Finding {
  FindingKind kind = FindingKind::NotPersisted;
  ByteState state = ByteState::Dirty;
  StackId stack = StackId::None;
  GuestRange bytes = {};
  StackId later_stack = StackId::None;
  StackId earlier_stack = StackId::None;
  GuestRange earlier_bytes = {};
  std::uint64_t transaction = 0;
  std::uint64_t earlier_transaction = 0;
  std::uint32_t nesting = 0;  // 1: not nested
};

}  // namespace pmemcheck
