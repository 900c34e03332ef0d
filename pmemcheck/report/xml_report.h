// xml_report.h: findings in the XML that readers of memcheck's understand (Valgrind's protocol 4
// and later), with what is ours in elements that they skip.
//
// Floor 3.  Tested in tests/report/test_xml_report.cpp; docs/xml.md has the schema.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/sink.h"
#include "pmemcheck/report/group.h"
#include "pmemcheck/report/words.h"

namespace pmemcheck {

// Writes what stands in <error> behind what the core writes there, its number and thread.
void write_xml_finding(Sink sink, const Group& group, const Words& words);

// Persistent memory, as a whole mapping or the part of it that shows one file.
struct MappedPart {
  GuestRange range;
  Place place;
};
// Writes <pmem>: what was persistent.
void write_xml_mappings(Sink sink, std::span<const MappedPart> parts, const PlaceWords& places);

}  // namespace pmemcheck
