// guest_memory.h: reads memory that arguments of the guest point to.
//
// Floor 4.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string_view>

#include "pmemcheck/base/types.h"
#include "pmemcheck/valgrind/vg.h"

namespace pmemcheck {

inline GuestRange range_of(UWord address, UWord bytes) {
  return GuestRange::of(GuestAddr(address), bytes);
}

// RETURNS: the bytes of `segment`.  The highest segment ends at the top of the address space.
inline GuestRange range_of(const NSegment& segment) {
  return range_of(segment.start, segment.end - segment.start + 1);
}

// RETURNS: the part of `range`, from its beginning on, that the guest may read.
inline GuestRange readable_part(GuestRange range) {
  const auto is_readable = [](Addr a) { return VG_(am_is_valid_for_client)(a, 1, VKI_PROT_READ); };
  if (VG_(am_is_valid_for_client)(range.begin.raw(), range.size(), VKI_PROT_READ)) return range;
  Addr end = range.begin.raw();
  while (end < range.end.raw() && is_readable(end)) end = VG_PGROUNDDN(end) + VKI_PAGE_SIZE;
  return range.intersection({range.begin, GuestAddr(end)});
}

// RETURNS: the text at `address`, up to its 0 or to the first page that the guest may not read.
inline std::string_view text_at(Addr address) {
  const auto* text = reinterpret_cast<const char*>(address);
  std::size_t length = 0;
  for (Addr a = address;; a++, length++) {
    const bool is_new_page = a == address || a % VKI_PAGE_SIZE == 0;
    if (is_new_page && !VG_(am_is_valid_for_client)(a, 1, VKI_PROT_READ)) break;
    if (text[length] == 0) break;
  }
  return {text, length};
}

}  // namespace pmemcheck
