// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/checks/verdict.h"

#include <cstring>

namespace pmemcheck::explore {

std::string verdict_text(const Verdict& verdict) {
  switch (verdict.kind) {
  case VerdictKind::Consistent: return "consistent";
  case VerdictKind::Exit: return "exit status " + std::to_string(verdict.number);
  case VerdictKind::Signal:
    return "died of signal " + std::to_string(verdict.number) + " (" + strsignal(verdict.number) +
           ")";
  case VerdictKind::TimedOut: return "did not end in time";
  }
  return "";
}

}  // namespace pmemcheck::explore
