// places.h: in which file and in which named range an address lies.
//
// A private mapping counts as memory without a file, because a store to it does not reach the file.
//
// Floor 3.  Tested in tests/report/test_places.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "pmemcheck/base/range_map.h"
#include "pmemcheck/base/types.h"
#include "pmemcheck/report/hashed_list.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

class Places {
 public:
  Places() = default;
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;
  ~Places();

  // `range` shows the file `path` from byte `offset` on.  An empty path changes nothing.
  void map_file(GuestRange range, std::string_view path, std::uint64_t offset);
  // The mapping that ends where `grown` begins has become longer by `grown`.
  void extend(GuestRange grown);
  // `range` shows no file and has no name any more.
  void forget(GuestRange range);
  // Moves the files and names of `from` to the same number of bytes at `to`.
  void move(GuestRange from, GuestAddr to);
  // The program gives `range` this name; an empty name removes the old one.
  void name(GuestRange range, std::string_view name);

  Place at(GuestAddr address) const;

  // Calls visit(part, place) for each part of `range` that shows one file, or none, lowest first.
  // The place has no name.  REQUIRES: visit does not change the places.
  template <class Visit>
  void for_each_part(GuestRange range, Visit visit) const {
    GuestAddr at = range.begin;
    files_.for_each_in(range, [&](const auto& entry) {
      const GuestRange part = entry.range.intersection(range);
      if (at < part.begin) visit(GuestRange{at, part.begin}, Place{});
      visit(part, Place{.file = entry.value.text, .offset = part.begin.raw() - entry.value.begin});
      at = part.end;
    });
    if (at < range.end) visit(GuestRange{at, range.end}, Place{});
  }

  // RETURNS: the path or the name that has this number; valid as long as the places.
  // REQUIRES: the number is not 0, and comes from a Place that these places returned.
  std::string_view text(std::uint32_t number) const { return texts_[number]; }

 private:
  // What an address shows: a file or a named range.
  struct Known {
    std::uint32_t text;   // the number of its path or name
    std::uint64_t begin;  // the address of its first byte, which need not be mapped; modulo 2^64
    constexpr bool operator==(const Known&) const = default;
  };

  static Known moved(Known known, std::uint64_t distance);
  std::uint32_t number_of(std::string_view text);

  RangeMap<Known> files_;
  RangeMap<Known> names_;
  HashedList<std::string_view> texts_;  // copies, each once
};

}  // namespace pmemcheck
