// reporting.h: writes the report, and the list of mappings, to Valgrind's log or XML.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/sink.h"
#include "pmemcheck/base/types.h"

namespace pmemcheck::reporting {

// Writes the report that the program asks for while it runs, between two empty lines.
void report_now();
// Writes the report when the program ends, after an empty line.
void report_at_exit();
// Writes the report when the program is about to execute another one at `stack`, because there will
// be no report at exit.
void report_before_exec(StackId stack);
// Lists the persistent mappings in the log.
void print_mappings();
// `range` is about to stop being persistent memory: remembers its files for the XML.
void mapping_ends(GuestRange range);

// Like report_now() and print_mappings(), but to any sink and without empty lines.
void write_report(Sink sink);
void write_mappings(Sink sink);
// Writes the first section of the report: the stores that are not durable as of now.
void write_pending(Sink sink);

}  // namespace pmemcheck::reporting
