// store_site.h: how generated code describes the stores that it has made.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/model/machine.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

// The address of a storing instruction and the number of bytes that it stores, in one word, because
// each argument makes a call longer.
//
//   63          48 47                                   0
//  +--------------+--------------------------------------+
//  |     size     |                  ip                  |
//  +--------------+--------------------------------------+
class StoreSite {
 public:
  constexpr StoreSite() = default;
  // REQUIRES: size < 2^16.  Addresses of user space have 47 bits.
  constexpr StoreSite(Addr ip, UWord size) : bits_(size << kIpBits | (ip & kIpMask)) {}
  constexpr explicit StoreSite(UWord bits) : bits_(bits) {}
  constexpr UWord bits() const { return bits_; }
  constexpr Addr ip() const { return bits_ & kIpMask; }
  constexpr UWord size() const { return bits_ >> kIpBits; }
  constexpr bool operator==(const StoreSite&) const = default;

 private:
  static constexpr UWord kIpBits = 48;
  static constexpr UWord kIpMask = (UWord{1} << kIpBits) - 1;
  UWord bits_ = 0;
};

// Consecutive stores, each a constant away from the same address, with nothing between them that
// can fault or branch or that needs a call of its own.  One call reports them all.
struct StoreRun {
  static constexpr UInt kMost = 8;
  struct Store {
    StoreSite site;
    ULong distance;  // from the common address, modulo 2^64
    ULong sp;        // where RSP was, also relative to the common address
    bool operator==(const Store&) const = default;
  };

  StoreKind kind = StoreKind::Ordinary;
  UInt count = 0;
  bool moves_sp = false;  // whether RSP changed in between; if not, `sp` is unused
  Store stores[kMost] = {};
  bool operator==(const StoreRun&) const = default;
};

}  // namespace pmemcheck
