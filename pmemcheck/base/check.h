// check.h: checks of our own invariants.
//
// Floor 0.  PM_CHECK is on in every build; use it at floor boundaries.  PM_DCHECK is for code that
// runs for every store; it is on only if PMEMCHECK_DEBUG is defined, as in the unit tests.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/host.h"

#define PM_CHECK(condition)                                                                        \
  ((condition) ? static_cast<void>(0)                                                              \
               : ::pmemcheck::host_check_failed(__FILE__, __LINE__, #condition))

#ifdef PMEMCHECK_DEBUG
#define PM_DCHECK(condition) PM_CHECK(condition)
#else
#define PM_DCHECK(condition) static_cast<void>(0)
#endif
