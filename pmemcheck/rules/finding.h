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
#define PM_FINDING(Id, severity, count, heading) Id,
#include "pmemcheck/tables/findings.def"
#undef PM_FINDING
};

struct Finding {
  FindingKind kind;
  ByteState state;   // of the bytes, when they were found
  StackId stack;     // of the act: the store
  GuestRange bytes;  // what it concerns
};

}  // namespace pmemcheck
