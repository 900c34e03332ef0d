// host.cpp: Valgrind as the host of the pure floors; and the C library's functions that the
// compiler and the standard headers expect and Valgrind's core does not define.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/host.h"

#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

void* host_allocate(std::size_t bytes, const char* purpose) {
  return VG_(malloc)(purpose, bytes);  // ends the run with a message where there is no memory
}

void host_free(void* memory) {
  if (memory != nullptr) VG_(free)(memory);
}

void host_check_failed(const char* file, int line, const char* what) {
  VG_(printf)("pmemcheck: %s:%d: check failed: %s\n", file, line, what);
  VG_(tool_panic)("a check of pmemcheck's own failed; please report this");
}

}  // namespace pmemcheck

extern "C" {

int memcmp(const void* a, const void* b, std::size_t bytes) {
  return VG_(memcmp)(a, b, bytes);
}

std::size_t strlen(const char* text) {
  return VG_(strlen)(text);
}

void* memchr(const void* memory, int byte, std::size_t bytes) {
  const auto* p = static_cast<const unsigned char*>(memory);
  for (std::size_t i = 0; i < bytes; i++)
    if (p[i] == static_cast<unsigned char>(byte)) return const_cast<unsigned char*>(p + i);
  return nullptr;
}

}  // extern "C"
