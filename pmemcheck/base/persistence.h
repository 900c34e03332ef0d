// persistence.h: properties of the machine that the user can choose; shared by the command line and
// the model.
//
// Floor 0.  Tested in tests/config/test_options.cpp and tests/model/test_machine.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace pmemcheck {

// What survives a power failure.  The enumerators are the words that users type.
enum class Domain : std::uint8_t {
  adr,   // memory and the memory controller's queue; the caches are lost
  eadr,  // the caches as well; a store that others can see is durable
};

// Which threads' flushes a fence completes.
enum class FenceScope : std::uint8_t {
  thread,   // only those of the thread that executes it, as the processor does
  process,  // those of all threads, for programs in which one thread drains for others
};

}  // namespace pmemcheck
