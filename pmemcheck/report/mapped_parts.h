// mapped_parts.h: lists the memory that was persistent; each part of a file once, however often it
// was mapped.
//
// Floor 3.  Tested in tests/report/test_mapped_parts.cpp.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "pmemcheck/base/types.h"
#include "pmemcheck/report/hashed_list.h"
#include "pmemcheck/report/places.h"
#include "pmemcheck/rules/finding.h"

namespace pmemcheck {

// Memory that shows one part of one file, or memory without a file.
struct MappedPart {
  GuestRange range;
  Place place;
};

class MappedParts {
 public:
  // Adds the parts of `mapping`, except parts of files that are listed already.
  void add(GuestRange mapping, const Places& places) {
    places.for_each_part(mapping, [&](GuestRange range, Place place) { add({range, place}); });
  }
  // Adds the parts of `other` that show a file, except parts that are listed already.
  // REQUIRES: the file numbers of both come from the same Places.
  void add_files_of(const MappedParts& other) {
    for (const MappedPart& part : other)
      if (part.place.file != 0) add(part);
  }

  std::size_t size() const { return parts_.size(); }
  const MappedPart* begin() const { return parts_.begin(); }
  const MappedPart* end() const { return parts_.end(); }

 private:
  void add(const MappedPart& part) {
    if (part.place.file == 0) {
      parts_.add_unhashed(part);
      return;
    }
    const auto shows_the_same = [&](const MappedPart& p) {
      return p.place.file == part.place.file && p.place.offset == part.place.offset &&
             p.range.size() == part.range.size();
    };
    const std::uint64_t hash = hash_of(part);
    if (parts_.find(hash, shows_the_same) == 0) parts_.add(hash, part);
  }
  static std::uint64_t hash_of(const MappedPart& part) {
    std::uint64_t hash = part.place.file;
    for (const std::uint64_t value : {part.place.offset, part.range.size()})
      hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash;
  }

  HashedList<MappedPart> parts_;
};

}  // namespace pmemcheck
