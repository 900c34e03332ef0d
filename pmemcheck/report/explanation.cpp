// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/explanation.h"

namespace pmemcheck {

std::string_view word_for(ByteState state) {
  switch (state) {
  case ByteState::Dirty: return "DIRTY";
  case ByteState::Pending:
  case ByteState::NonTemporal: return "FLUSHED";
  }
  return {};
}

}  // namespace pmemcheck
