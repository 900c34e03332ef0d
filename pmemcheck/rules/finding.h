// finding.h: what a rule found, in facts.  The words are the report's.
//
// Floor 2.  Tested with the rules.  The kinds are the list pmemcheck/tables/findings.def.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "pmemcheck/base/types.h"
#include "pmemcheck/model/barriers.h"
#include "pmemcheck/model/line_state.h"

namespace pmemcheck {

enum class FindingKind : std::uint8_t {
#define PM_FINDING(Id, severity, count, heading, title, hint) Id,
#include "pmemcheck/tables/findings.def"
#undef PM_FINDING
};

inline constexpr std::size_t kFindingKinds = 0
#define PM_FINDING(Id, severity, count, heading, title, hint) +1
#include "pmemcheck/tables/findings.def"
#undef PM_FINDING
    ;

// Where an address lies, as people know it: see PlaceWords for the words.
struct Place {
  std::uint32_t file = 0;            // that is mapped there, by number; 0: none
  std::uint32_t name = 0;            // that the program gave to a range, by number; 0: none
  std::uint64_t offset = 0;          // in the file, in bytes
  std::uint64_t offset_in_name = 0;  // in the named range, in bytes
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
//   Overwritten         bytes, state, stack (of the store that was lost); later_stack (of the store
//                       that took its place)
//   NotDurable          bytes, state, stack (of the assertion); earlier_stack (of the store)
//   OutOfOrder          bytes, stack (of the store that came too early); earlier_* of what had
//                       to be durable by then, and state of that
//
// The members behind `nesting` are filled in when the finding is made, for every kind.
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

  // NotPersisted and never flushed: the first barrier after the store, by the thread that stored.
  Barrier barrier = {};
  Place place = {};          // of the first of `bytes`
  std::uint32_t thread = 1;  // as Valgrind counts: whose doing made the finding certain
};

}  // namespace pmemcheck
