// host.h: all that the pure floors ask of the program around them.
//
// Floor 0.  Declared here, defined by each host: pmemcheck/valgrind/host.cpp in the tool,
// tests/host.cpp in the unit tests (which can make allocation fail on purpose).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace pmemcheck {

// RETURNS: `bytes` bytes, uninitialised, aligned for any scalar.  Never null: a host without memory
// ends the run with a message.  `purpose` names the user of the memory for the host's statistics.
void* host_allocate(std::size_t bytes, const char* purpose);

// Gives back what host_allocate returned; null is allowed.
void host_free(void* memory);

// Ends the run: an invariant of ours is broken.  `what` is the failed condition.
[[noreturn]] void host_check_failed(const char* file, int line, const char* what);

}  // namespace pmemcheck
