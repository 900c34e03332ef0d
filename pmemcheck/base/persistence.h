// persistence.h: the choices about the machine that the command line and the model share.
//
// Floor 0.  Tested in tests/config/test_options.cpp and tests/model/test_machine.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace pmemcheck {

// Where what was stored survives a power failure.  The enumerators are what people type.
enum class Domain : std::uint8_t {
  adr,   // from the memory controller's queue on: caches are lost
  eadr,  // from the caches on: a store that others can see is durable
};

// Whose flushes a fence completes.
enum class FenceScope : std::uint8_t {
  thread,   // those of the thread that fences, as on the machine
  process,  // everybody's: for programs that drain on behalf of others by design
};

}  // namespace pmemcheck
