// places.h: which file and which named range an address lies in.
//
// A file is known where a shared mapping shows it: what a private one holds is not in the file.
//
// Floor 4.  Tested in regtest/cases/xml and regtest/cases/errors.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/base/types.h"
#include "pmemcheck/rules/finding.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck::places {

// Call once, before any other function here.
void start();

// `range` shows the file `path` from byte `offset` on.
void map_file(GuestRange range, std::string_view path, UWord offset);
// The mapping before `grown` has become longer by it.
void extend(GuestRange grown);
// Nothing is known of `range` any more: something else is there, or nothing.
void forget(GuestRange range);
// What is known of `from` is true of as much memory from `to` on.
void move(GuestRange from, GuestAddr to);
// The program calls `range` by this name; none, if it is empty.
void name(GuestRange range, std::string_view name);

Place at(GuestAddr address);
// Calls visit(part, place) for each part of `range` that shows one file, or none.
void for_each_part(GuestRange range, void (*visit)(void* self, GuestRange part, Place place),
                   void* self);

// RETURNS: the words for a number in a Place.  For PlaceWords.
std::string_view words(void* unused, std::uint32_t number);

}  // namespace pmemcheck::places
