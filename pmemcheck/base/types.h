// types.h: a type for each quantity of the guest: addresses, ranges, cache lines, threads.
//
// Floor 0.  Tested in tests/base/test_types.cpp.
//
// A guest address is not a pointer of ours, so it has no operator*.  raw() returns it as a number.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/stack_id.h"

namespace pmemcheck {

// Bytes in a cache line, the unit that flushes write back.  CPUID.01H:EBX[15:8] times 8 (Intel SDM
// vol. 2A, CPUID) is 64 on every processor that has CLFLUSHOPT or CLWB.
inline constexpr std::uint64_t kLineBytes = 64;

// A virtual address in the guest.
class GuestAddr {
 public:
  constexpr GuestAddr() = default;
  constexpr explicit GuestAddr(std::uint64_t raw) : raw_(raw) {}
  constexpr std::uint64_t raw() const { return raw_; }
  constexpr GuestAddr operator+(std::uint64_t bytes) const { return GuestAddr(raw_ + bytes); }
  constexpr std::uint64_t operator-(GuestAddr base) const { return raw_ - base.raw_; }
  constexpr auto operator<=>(const GuestAddr&) const = default;

 private:
  std::uint64_t raw_ = 0;
};

// The bytes [begin, end) of the guest.  INVARIANT: begin <= end.
struct GuestRange {
  GuestAddr begin;
  GuestAddr end;

  // RETURNS: `bytes` bytes from `begin` on, fewer if the address space ends before.
  static constexpr GuestRange of(GuestAddr begin, std::uint64_t bytes) {
    const std::uint64_t room = ~std::uint64_t{0} - begin.raw();
    return {begin, begin + (bytes < room ? bytes : room)};
  }
  // RETURNS: every byte of the address space except the last.
  static constexpr GuestRange everything() { return {GuestAddr(0), GuestAddr(~std::uint64_t{0})}; }
  constexpr std::uint64_t size() const { return end - begin; }
  constexpr bool is_empty() const { return begin == end; }
  constexpr bool contains(GuestAddr a) const { return begin <= a && a < end; }
  constexpr bool contains(GuestRange r) const { return begin <= r.begin && r.end <= end; }
  constexpr bool overlaps(GuestRange r) const { return begin < r.end && r.begin < end; }
  // RETURNS: the bytes that are in both; an empty range if there are none.
  constexpr GuestRange intersection(GuestRange r) const {
    const GuestAddr lo = begin > r.begin ? begin : r.begin;
    const GuestAddr hi = end < r.end ? end : r.end;
    return lo < hi ? GuestRange{lo, hi} : GuestRange{lo, lo};
  }
  // RETURNS: where these bytes are after the memory at `from` has moved to `to`.
  constexpr GuestRange moved(GuestAddr from, GuestAddr to) const {
    return {begin + (to - from), end + (to - from)};
  }
  constexpr bool operator==(const GuestRange&) const = default;
};

// A set of the bytes of one cache line; bit i is byte i.
class ByteMask {
 public:
  constexpr ByteMask() = default;
  constexpr explicit ByteMask(std::uint64_t bits) : bits_(bits) {}
  // REQUIRES: first < end <= kLineBytes.
  static constexpr ByteMask of(unsigned first, unsigned end) {
    PM_DCHECK(first < end && end <= kLineBytes);
    return ByteMask((~std::uint64_t{0} >> (kLineBytes - (end - first))) << first);
  }
  static constexpr ByteMask all() { return ByteMask(~std::uint64_t{0}); }
  static constexpr ByteMask byte(unsigned index) { return ByteMask(std::uint64_t{1} << index); }
  constexpr std::uint64_t bits() const { return bits_; }
  constexpr bool any() const { return bits_ != 0; }
  // RETURNS: the index of the lowest byte, and one more than that of the highest.  REQUIRES: any().
  constexpr unsigned first() const {
    PM_DCHECK(any());
    return static_cast<unsigned>(__builtin_ctzll(bits_));
  }
  constexpr unsigned end() const {
    PM_DCHECK(any());
    return unsigned{kLineBytes} - static_cast<unsigned>(__builtin_clzll(bits_));
  }
  constexpr bool has(unsigned index) const { return (bits_ >> index & 1) != 0; }
  constexpr ByteMask operator|(ByteMask o) const { return ByteMask(bits_ | o.bits_); }
  constexpr ByteMask operator&(ByteMask o) const { return ByteMask(bits_ & o.bits_); }
  constexpr ByteMask operator~() const { return ByteMask(~bits_); }
  constexpr ByteMask without(ByteMask o) const { return ByteMask(bits_ & ~o.bits_); }
  constexpr ByteMask& operator|=(ByteMask o) { return *this = *this | o; }
  constexpr ByteMask& operator&=(ByteMask o) { return *this = *this & o; }
  constexpr bool operator==(const ByteMask&) const = default;

 private:
  std::uint64_t bits_ = 0;
};

// The number of a cache line: its address divided by kLineBytes.
class LineAddr {
 public:
  constexpr LineAddr() = default;
  static constexpr LineAddr holding(GuestAddr a) { return LineAddr(a.raw() / kLineBytes); }
  constexpr explicit LineAddr(std::uint64_t number) : number_(number) {}
  constexpr std::uint64_t number() const { return number_; }
  constexpr GuestAddr begin() const { return GuestAddr(number_ * kLineBytes); }
  constexpr GuestRange bytes() const { return GuestRange::of(begin(), kLineBytes); }
  constexpr LineAddr next() const { return LineAddr(number_ + 1); }
  constexpr LineAddr previous() const { return LineAddr(number_ - 1); }
  // RETURNS: the bytes of this line that are in `range`.
  constexpr ByteMask covered_by(GuestRange range) const {
    if (range.contains(bytes())) return ByteMask::all();
    const GuestRange part = bytes().intersection(range);
    if (part.is_empty()) return ByteMask();
    return ByteMask::of(static_cast<unsigned>(part.begin - begin()),
                        static_cast<unsigned>(part.end - begin()));
  }
  constexpr auto operator<=>(const LineAddr&) const = default;

 private:
  std::uint64_t number_ = 0;
};

// RETURNS: the index of `a` in its cache line, 0 .. kLineBytes - 1.
constexpr unsigned offset_in_line(GuestAddr a) {
  return static_cast<unsigned>(a.raw() % kLineBytes);
}

// A thread of the guest.  Unlike Valgrind's thread ids, a number is never used again in a run.
// 1 is the first thread; 0 is no thread.
enum class ThreadNo : std::uint32_t { None = 0 };

static_assert(sizeof(GuestAddr) == 8 && sizeof(ByteMask) == 8 && sizeof(LineAddr) == 8,
              "the wrappers cost nothing");

}  // namespace pmemcheck
