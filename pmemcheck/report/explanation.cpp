// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/explanation.h"

namespace pmemcheck {

std::string_view name_of(FindingKind kind) {
  switch (kind) {
#define PM_FINDING(Id, severity, count, heading, title, hint)                                      \
  case FindingKind::Id:                                                                            \
    return #Id;
#include "pmemcheck/tables/findings.def"
#undef PM_FINDING
  }
  return {};
}

std::string_view hint_for(FindingKind kind) {
  switch (kind) {
#define PM_FINDING(Id, severity, count, heading, title, hint)                                      \
  case FindingKind::Id:                                                                            \
    return hint;
#include "pmemcheck/tables/findings.def"
#undef PM_FINDING
  }
  return {};
}

std::string_view word_for(ByteState state) {
  switch (state) {
  case ByteState::Dirty: return "DIRTY";
  case ByteState::Pending:
  case ByteState::NonTemporal: return "FLUSHED";
  }
  return {};
}

}  // namespace pmemcheck
