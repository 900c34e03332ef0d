// store_filter.h: the table that generated code asks "can this address be persistent?"
//
// Guest memory is divided into granules of 64 KiB.  A granule is hot if a store that begins in it,
// or near it, can touch persistent memory: one question serves for all stores near one address,
// such as those to a structure or a frame.  Generated code looks one byte up, at (address /
// granule) modulo the table's size, and calls us where it is not 0: volatile stores cost a shift, a
// mask and a load, and a change of mappings changes the table, never the code.
//
// Exact to a granule for addresses that are not multiples of 128 GiB apart, which is as far as
// Valgrind maps guest memory; where granules share a slot, the slot is hot if one of them is.  Too
// hot costs time, never truth: the callee checks.
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
  // The most that one instruction stores: XSAVE with every component of AVX-512 (Intel SDM vol. 1,
  // 13.4) stays below it.
  static constexpr std::uint64_t kMaxStoreBytes = 4096;
  // How far away "near" is, in bytes, either way.
  static constexpr std::uint64_t kNear = 2048;

  // Adds `range` to `pmem` and keeps the table in step.
  void add(GuestRange range, PmemMap& pmem);
  // Carves `range` out of `pmem` and keeps the table in step.
  void remove(GuestRange range, PmemMap& pmem);

  bool is_hot(GuestAddr a) const { return hot_[slot(granule_of(a))] != 0; }
  // The table, for generated code: kSlots bytes.
  const std::uint8_t* table() const { return hot_; }

 private:
  static constexpr std::uint64_t granule_of(GuestAddr a) { return a.raw() >> kGranuleShift; }
  static constexpr std::uint64_t slot(std::uint64_t granule) { return granule & (kSlots - 1); }
  // RETURNS: whether a store that begins in the granule or near it can reach `pmem`.
  static bool reaches(std::uint64_t granule, const PmemMap& pmem);
  void count_at_end(std::uint64_t granule, const PmemMap& others, std::int32_t by);
  // Adds `by` to the counts of the granules that can reach `piece` and that no mapping in `others`
  // makes hot already.
  void count(GuestRange piece, const PmemMap& others, std::int32_t by);
  void add_to_slot(std::uint64_t slot, std::int32_t by);

  std::uint8_t hot_[kSlots] = {};
  std::uint32_t granules_[kSlots] = {};  // how many hot granules share the slot
};

}  // namespace pmemcheck
