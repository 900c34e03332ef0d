// finding.h: what a rule found, as data; and the table of the kinds.
//
// Floor 2.  Tested in tests/rules/test_finding.cpp.  The kinds are the rows of
// pmemcheck/tables/findings.def; its head explains the columns.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/model/line_state.h"
#include "pmemcheck/model/persist_deadlines.h"

namespace pmemcheck {

enum class FindingKind : std::uint8_t {
#define PM_FINDING(Id, severity, count, heading, title, hint) Id,
#include "pmemcheck/tables/findings.def"
#undef PM_FINDING
};

enum class Severity : std::uint8_t { bug, risk, cost };  // worst first
inline constexpr std::string_view kSeverityNames[] = {"bug", "risk", "cost"};

// One row of findings.def.
struct FindingInfo {
  FindingKind kind;
  std::string_view name;  // the Id; a literal, so a 0 follows it
  Severity severity;
  std::string_view count;
  std::string_view heading;
  std::string_view title;
  std::string_view hint;
};

inline constexpr FindingInfo kFindings[] = {
#define PM_FINDING(Id, severity, count, heading, title, hint)                                      \
  {FindingKind::Id, #Id, Severity::severity, count, heading, title, hint},
#include "pmemcheck/tables/findings.def"
#undef PM_FINDING
};
inline constexpr std::size_t kFindingKinds = std::size(kFindings);

// RETURNS: the kind's index in kFindings and in arrays with an element for each kind.
constexpr std::size_t index_of(FindingKind kind) {
  PM_CHECK(static_cast<std::size_t>(kind) < kFindingKinds);
  return static_cast<std::size_t>(kind);
}

constexpr const FindingInfo& info_of(FindingKind kind) {
  return kFindings[index_of(kind)];
}

// RETURNS: the kind with this name, or null.
constexpr const FindingInfo* finding_named(std::string_view name) {
  for (const FindingInfo& info : kFindings)
    if (info.name == name) return &info;
  return nullptr;
}

// Where an address lies: in which file, and in which range that the program named.  The numbers are
// those of pmemcheck/report/places.h.
struct Place {
  std::uint32_t file = 0;            // the number of the file's path; 0: no file is mapped there
  std::uint32_t name = 0;            // the number of the range's name; 0: the range has none
  std::uint64_t offset = 0;          // in the file, in bytes
  std::uint64_t offset_in_name = 0;  // in the named range, in bytes
};

// The kind decides which members are filled in:
//
//   NotPersisted        bytes, state, stack (of the store); later_stack (of what unmapped the
//                       memory, or None if it is still mapped)
//   OutsideTransaction  bytes, stack (of the store)
//   TransactionOverlap  bytes, stack, transaction of the range that was added; earlier_* of the
//                       range that another transaction held
//   ActiveTransaction   stack (where it was opened), transaction, nesting
//   RedundantFlush      bytes, state, stack (of the store); later_stack (of the flush)
//   UnnecessaryFlush    bytes, stack (of the flush)
//   Overwritten         bytes, state, stack (of the store that was lost); later_stack (of the store
//                       that took its place)
//   NotDurable          bytes, state, stack (of the assertion); earlier_stack (of the store)
//   OutOfOrder          bytes, stack (of the store that came too early); earlier_* and state of
//                       the store that had to be durable by then
//
// The members after `nesting` are filled in for every kind, when the finding is settled.
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
  std::uint32_t nesting = 0;  // how many levels are open: 1 if it is not nested

  // NotPersisted and never flushed: the first barrier after the store, by the thread that stored.
  PersistDeadline deadline = {};
  Place place = {};          // of the first of `bytes`
  std::uint32_t thread = 1;  // Valgrind's id of the thread that made the finding certain
};

}  // namespace pmemcheck
