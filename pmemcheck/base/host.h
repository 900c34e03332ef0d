// host.h: the functions that the pure floors need from the program around them.
//
// Floor 0.  Declared here and defined by each of the three hosts: pmemcheck/valgrind/host.cpp in
// the tool, pmemcheck/explore/host.cpp in the explorer, tests/host.cpp in the unit tests.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace pmemcheck {

// RETURNS: `bytes` bytes, uninitialised, aligned for any scalar.  Never null: a host that is out of
// memory ends the run with a message.  `purpose` names the user of the memory in statistics.
void* host_allocate(std::size_t bytes, const char* purpose);

// Frees what host_allocate returned; null is allowed.
void host_free(void* memory);

// Ends the run because one of our invariants is broken.  `what` is the failed condition.
[[noreturn]] void host_check_failed(const char* file, int line, const char* what);

}  // namespace pmemcheck
