// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/model/pmem_map.h"

namespace pmemcheck {

void PmemMap::add(GuestRange range) {
  mappings_.assign(range, Persistent{});
}

void PmemMap::remove(GuestRange range) {
  mappings_.erase(range);
  last_ = {};
}

void PmemMap::move(GuestRange from, GuestAddr to) {
  mappings_.move(from, to);
  last_ = {};
}

Coverage PmemMap::coverage(GuestRange range) const {
  if (range.is_empty())
    return mappings_.find(range.begin) != nullptr ? Coverage::Whole : Coverage::None;
  const auto* first = mappings_.first_in(range);
  if (first == nullptr) return Coverage::None;
  return first->range.contains(range) ? Coverage::Whole : Coverage::Part;
}

bool PmemMap::look_up(GuestRange range) const {
  const auto* mapping = mappings_.first_in(range);
  if (mapping == nullptr) return false;
  last_ = mapping->range;
  return true;
}

}  // namespace pmemcheck
