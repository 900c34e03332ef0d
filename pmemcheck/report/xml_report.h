// xml_report.h: findings as XML in Valgrind's protocol, 4 or later.
//
// Programs that read memcheck's XML understand it, and skip the elements that only pmemcheck has.
//
// Floor 3.  Tested in tests/report/test_xml_report.cpp; docs/xml.md describes it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/sink.h"
#include "pmemcheck/report/group.h"
#include "pmemcheck/report/mapped_parts.h"
#include "pmemcheck/report/words.h"

namespace pmemcheck {

// Writes the content of <error> after the number and the thread, which the core writes.
void write_xml_finding(Sink sink, const Group& group, const ReportWords& words);

// Writes <pmem>: which memory was persistent.
void write_xml_mappings(Sink sink, const MappedParts& parts, const Places& places);

}  // namespace pmemcheck
