// store_filter.h: the table in which generated code looks up whether an address can be persistent.
//
// Guest memory is divided into granules of 64 KiB.  A granule is hot if a store that begins in it,
// or near it, can touch persistent memory.  So one lookup covers all stores near one address, such
// as those to a structure or a stack frame.  Generated code loads one byte, at (address / granule)
// modulo the size of the table, and calls us if it is not 0.  Volatile stores cost a shift, a mask
// and a load; a change of the mappings changes the table, never the code.
//
// Granules that are a multiple of 128 GiB apart share a slot, which is hot if one of them is;
// Valgrind maps no guest memory that far apart.  A slot that is needlessly hot costs time but does
// no harm, because the callee checks the address.
//
// Floor 1.  Tested in tests/model/test_store_filter.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "pmemcheck/base/types.h"
#include "pmemcheck/model/pmem_map.h"

namespace pmemcheck {

class StoreFilter {
 public:
  static constexpr unsigned kGranuleShift = 16;
  static constexpr std::uint64_t kGranuleBytes = std::uint64_t{1} << kGranuleShift;
  static constexpr std::uint64_t kSlots = std::uint64_t{1} << 21;
  // No instruction stores more: XSAVE with every component of AVX-512 (Intel SDM vol. 1, 13.4)
  // stores less.
  static constexpr std::uint64_t kMaxStoreBytes = 4096;
  // The distance, in both directions, that counts as near.
  static constexpr std::uint64_t kNear = 2048;

  // Adds `range` to `pmem` and updates the table.
  // REQUIRES: `pmem` is the same map in each call, and is changed only here.
  void add(GuestRange range, PmemMap& pmem);
  // Removes `range` from `pmem` and updates the table.  REQUIRES: as for add().
  void remove(GuestRange range, PmemMap& pmem);

  bool is_hot(GuestAddr a) const { return hot_[slot(granule_of(a))] != 0; }
  // The table of kSlots bytes, for generated code.
  const std::uint8_t* table() const { return hot_; }

 private:
  static constexpr std::uint64_t granule_of(GuestAddr a) { return a.raw() >> kGranuleShift; }
  static constexpr std::uint64_t slot(std::uint64_t granule) { return granule & (kSlots - 1); }
  // RETURNS: whether a store that begins in the granule or near it can touch `pmem`.
  static bool reaches(std::uint64_t granule, const PmemMap& pmem);
  void count_at_end(std::uint64_t granule, const PmemMap& others, std::int32_t by);
  // Adds `by` to the counts of the granules that can reach `piece`, except those that `others`
  // makes hot anyway.
  void count(GuestRange piece, const PmemMap& others, std::int32_t by);
  void add_to_slot(std::uint64_t slot, std::int32_t by);

  std::uint8_t hot_[kSlots] = {};
  std::uint32_t granules_[kSlots] = {};  // how many hot granules share the slot
};

}  // namespace pmemcheck
