// last_stores.h: the last store to each address, to recognise stores that repeat it.
//
// Kept only for --indiff, because every store costs an entry here.
//
// Floor 1.  Tested in tests/model/test_last_stores.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "pmemcheck/base/check.h"
#include "pmemcheck/base/hash_map.h"
#include "pmemcheck/base/types.h"

namespace pmemcheck {

class LastStores {
 public:
  // Remembers that `value` is stored at `begin` while the program executes superblock number `now`.
  // RETURNS: whether the last store at `begin` had the same size and value, and was made fewer than
  // `within` superblocks ago.  False for stores of more than kMostBytes, which are not remembered.
  // REQUIRES: `now` never decreases.
  bool repeats(GuestAddr begin, std::span<const std::uint8_t> value, std::uint64_t now,
               std::uint64_t within) {
    if (value.size() > kMostBytes) {
      stores_.erase(begin.raw());
      return false;
    }
    Store& last = stores_.get(begin.raw());
    PM_DCHECK(last.bytes == 0 || last.superblock <= now);
    const bool same = last.bytes == value.size() && now - last.superblock < within &&
                      std::equal(value.begin(), value.end(), last.value);
    last.superblock = now;
    last.bytes = static_cast<std::uint32_t>(value.size());
    std::copy(value.begin(), value.end(), last.value);
    return same;
  }

  // The memory of `from` has moved to `to`, and so have the stores to it.
  // Takes time in proportion to all that is remembered; moving persistent memory is rare.
  // REQUIRES: the two do not overlap.
  void move(GuestRange from, GuestAddr to) {
    PM_CHECK(!from.overlaps(GuestRange::of(to, from.size())));
    HashMap<Store> moved;
    stores_.for_each([&](std::uint64_t begin, const Store& store) {
      if (from.contains(GuestAddr(begin))) moved.get(begin) = store;
    });
    moved.for_each([&](std::uint64_t begin, const Store& store) {
      stores_.erase(begin);
      stores_.get((to + (GuestAddr(begin) - from.begin)).raw()) = store;
    });
  }

 private:
  static constexpr std::size_t kMostBytes = 32;  // the widest register that VEX stores
  struct Store {
    std::uint64_t superblock;
    std::uint32_t bytes;  // 0: no store yet
    std::uint8_t value[kMostBytes];
  };

  HashMap<Store> stores_;  // by address
};

}  // namespace pmemcheck
