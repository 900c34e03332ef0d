// reporting.h: what is found goes to Valgrind's log.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/sink.h"
#include "pmemcheck/base/types.h"

namespace pmemcheck::reporting {

// Tells all that is found as of now, with an empty line before and after it: the report that the
// program asks for.
void report_now();
// Tells all that is found, with an empty line before it: the report when the program ends.
void report_at_exit();
// The program is about to become another, at `stack`: tells all that is found, as the report at
// exit will not come.
void report_before_exec(StackId stack);
// Lists the persistent mappings.
void print_mappings();
// `range` will be persistent no more: remembers which files were there, for the XML.
void mapping_goes(GuestRange range);

// The same, wherever it is wanted, with no empty lines around it.
void write_report(Sink sink);
void write_mappings(Sink sink);
// Tells of the stores that are not durable as of now: the first section of the report.
void write_pending(Sink sink);

}  // namespace pmemcheck::reporting
