// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/valgrind/stacks/syscall_names.h"

namespace pmemcheck {

const HChar* name_of_system_call(UInt number) {
  switch (number) {
#define PM_SYSTEM_CALL(number, name)                                                               \
  case number:                                                                                     \
    return #name;
#include "pmemcheck/valgrind/stacks/syscall_names.inc"
#undef PM_SYSTEM_CALL
  default: return nullptr;
  }
}

}  // namespace pmemcheck
