// requests.h: handles client requests, by which the program reports to the tool and queries it.
//
// Floor 4.  Tested in regtest/cases/requests.  The list is include/valgrind/pmemcheck.h.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// For VG_(needs_client_requests).  RETURNS: whether the request was ours and is handled.
Bool handle_request(ThreadId thread, UWord* arguments, UWord* result);

}  // namespace pmemcheck
