// guest_bytes.h: guest code for the tests of the decoders, and memory that ends right after it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit.h"

namespace pmemcheck::test {

using Bytes = std::vector<std::uint8_t>;

// Memory that ends at the end of a page.  Reading beyond it is a fault, and CMocka fails the test.
class PageEnd {
 public:
  PageEnd() : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    void* pages =
        mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED);
    begin_ = static_cast<std::uint8_t*>(pages);
    assert_int_equal(mprotect(begin_ + page_, page_, PROT_NONE), 0);
  }
  ~PageEnd() { munmap(begin_, 2 * page_); }
  PageEnd(const PageEnd&) = delete;
  PageEnd& operator=(const PageEnd&) = delete;

  // Copies the bytes to the end of the page.  RETURNS: where they begin.
  const std::uint8_t* put(const std::uint8_t* bytes, std::size_t count) {
    return static_cast<std::uint8_t*>(std::memcpy(begin_ + page_ - count, bytes, count));
  }
  const std::uint8_t* put(const Bytes& bytes) { return put(bytes.data(), bytes.size()); }

 private:
  std::size_t page_;
  std::uint8_t* begin_ = nullptr;
};

inline Bytes joined(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// RETURNS: the bytes in the syntax of a test.
inline std::string text_of(const Bytes& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += text.empty() ? "0x" : ", 0x";
    text += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

}  // namespace pmemcheck::test
