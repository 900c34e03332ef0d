// monitor.h: monitor commands: what gdb and vgdb ask while the program runs.
//
// Floor 4.  Tested in regtest/cases/monitor.  The commands are the list kCommands in monitor.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::monitor {

// Takes the request VG_USERREQ__GDB_MONITOR_COMMAND.  Answers go to whoever asked, never to the
// log. RETURNS: whether the command is one of ours, or may be several of them; then it is answered.
Bool handle(const UWord* arguments, UWord* result);

}  // namespace pmemcheck::monitor
