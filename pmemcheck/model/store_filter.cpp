// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/store_filter.h"

#include "pmemcheck/base/check.h"

namespace pmemcheck {

void StoreFilter::add(GuestRange range, PmemMap& pmem) {
  GuestRange left = range;
  pmem.for_each_part(range, [&](GuestRange known) {
    count({left.begin, known.begin}, pmem, +1);
    left.begin = known.end;
  });
  count(left, pmem, +1);
  pmem.add(range);
}

void StoreFilter::remove(GuestRange range, PmemMap& pmem) {
  // Part by part, because a granule that reaches two of them stays hot until the second is removed.
  for (GuestRange part = pmem.first_part(range); !part.is_empty(); part = pmem.first_part(range)) {
    pmem.remove(part);
    count(part, pmem, -1);
  }
}

bool StoreFilter::reaches(std::uint64_t granule, const PmemMap& pmem) {
  const std::uint64_t begin = granule << kGranuleShift;
  const std::uint64_t before = begin < kNear ? begin : kNear;
  return pmem.overlaps(GuestRange::of(GuestAddr(begin - before),
                                      before + kGranuleBytes + kNear + kMaxStoreBytes - 1));
}

void StoreFilter::count(GuestRange piece, const PmemMap& others, std::int32_t by) {
  if (piece.is_empty()) return;
  const std::uint64_t reach = kNear + kMaxStoreBytes - 1;
  const GuestAddr lowest(piece.begin.raw() > reach ? piece.begin.raw() - reach : 0);
  const std::uint64_t first = granule_of(lowest);
  const std::uint64_t end = granule_of(GuestRange::of(piece.end, kNear - 1).end) + 1;
  // The two granules at each end may also reach other mappings; those between them cannot.
  const std::uint64_t middle = first + 2 < end ? first + 2 : end;
  const std::uint64_t tail = middle + 2 < end ? end - 2 : middle;
  for (std::uint64_t granule = first; granule < middle; granule++)
    count_at_end(granule, others, by);
  // Each time that the middle wraps around the whole table, every slot counts once.
  const auto rounds = static_cast<std::int32_t>((tail - middle) / kSlots);
  if (rounds > 0)
    for (std::uint64_t s = 0; s < kSlots; s++) add_to_slot(s, by * rounds);
  for (std::uint64_t i = 0; i < (tail - middle) % kSlots; i++) add_to_slot(slot(middle + i), by);
  for (std::uint64_t granule = tail; granule < end; granule++) count_at_end(granule, others, by);
}

void StoreFilter::count_at_end(std::uint64_t granule, const PmemMap& others, std::int32_t by) {
  if (!reaches(granule, others)) add_to_slot(slot(granule), by);
}

void StoreFilter::add_to_slot(std::uint64_t slot, std::int32_t by) {
  PM_DCHECK(by > 0 || granules_[slot] >= static_cast<std::uint32_t>(-by));
  granules_[slot] += static_cast<std::uint32_t>(by);
  hot_[slot] = granules_[slot] != 0;
}

}  // namespace pmemcheck
