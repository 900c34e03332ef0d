// monitor.h: answers monitor commands, which gdb and vgdb send while the program runs.
//
// Floor 4.  Tested in regtest/cases/monitor.  The commands are the list kCommands in monitor.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::monitor {

// Carries out the request VG_USERREQ__GDB_MONITOR_COMMAND.  Answers go to gdb or vgdb, never to the
// log.  RETURNS: whether the command was answered: it is one of ours, or ambiguous.
Bool handle(const UWord* arguments, UWord* result);

}  // namespace pmemcheck::monitor
