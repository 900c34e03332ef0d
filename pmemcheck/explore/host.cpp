// host.cpp: the functions that the pure floors need from pmemcheck-explore.
//
// Floor 4, hosted.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/host.h"

#include <cstdio>
#include <cstdlib>

namespace pmemcheck {

void* host_allocate(std::size_t bytes, const char* purpose) {
  void* memory = std::malloc(bytes);
  if (memory == nullptr) {
    std::fprintf(stderr, "pmemcheck-explore: no memory for %s\n", purpose);
    std::exit(2);
  }
  return memory;
}

void host_free(void* memory) {
  std::free(memory);
}

void host_check_failed(const char* file, int line, const char* what) {
  std::fprintf(stderr, "pmemcheck-explore: %s:%d: check failed: %s\n", file, line, what);
  std::abort();
}

}  // namespace pmemcheck
