// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/report/mapped_parts.h"

#include <string>
#include <vector>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

constexpr GuestRange range(std::uint64_t begin, std::uint64_t size) {
  return GuestRange::of(GuestAddr(begin), size);
}

// Each part as "BEGIN SIZE FILE OFFSET", in hexadecimal; FILE is "-" for memory without a file.
std::vector<std::string> list(const MappedParts& parts, const Places& places) {
  std::vector<std::string> lines;
  for (const MappedPart& p : parts) {
    char line[100];
    const std::string file(p.place.file != 0 ? places.text(p.place.file) : "-");
    std::snprintf(line, sizeof line, "%lx %lx %s %lx", p.range.begin.raw(), p.range.size(),
                  file.c_str(), p.place.offset);
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

UNIT_TEST(a_part_of_a_file_is_listed_once_at_the_address_where_it_was_first_mapped) {
  Places places;
  MappedParts parts;
  places.map_file(range(0x1000, 0x1000), "/pool", 0);
  parts.add(range(0x1000, 0x1000), places);
  places.map_file(range(0x8000, 0x1000), "/pool", 0);
  parts.add(range(0x8000, 0x1000), places);
  assert_true((list(parts, places) == Lines{"1000 1000 /pool 0"}));
}

UNIT_TEST(parts_that_differ_in_file_offset_or_size_are_all_listed) {
  Places places;
  MappedParts parts;
  const auto map = [&](std::uint64_t begin, std::uint64_t size, const char* path,
                       std::uint64_t offset) {
    places.map_file(range(begin, size), path, offset);
    parts.add(range(begin, size), places);
  };
  map(0x1000, 0x1000, "/pool", 0);
  map(0x4000, 0x1000, "/pool", 0x1000);
  map(0x8000, 0x2000, "/pool", 0);
  map(0xb000, 0x1000, "/other", 0);
  assert_true((list(parts, places) == Lines{"1000 1000 /pool 0", "4000 1000 /pool 1000",
                                            "8000 2000 /pool 0", "b000 1000 /other 0"}));
}

UNIT_TEST(memory_without_a_file_is_listed_as_often_as_it_is_added) {
  Places places;
  MappedParts parts;
  parts.add(range(0x1000, 0x1000), places);
  parts.add(range(0x1000, 0x1000), places);
  assert_true((list(parts, places) == Lines{"1000 1000 - 0", "1000 1000 - 0"}));
}

UNIT_TEST(a_mapping_of_several_files_is_listed_file_by_file) {
  Places places;
  MappedParts parts;
  places.map_file(range(0x2000, 0x1000), "/a", 0);
  places.map_file(range(0x3000, 0x1000), "/b", 0x5000);
  parts.add(range(0x1000, 0x3000), places);
  assert_true(
      (list(parts, places) == Lines{"1000 1000 - 0", "2000 1000 /a 0", "3000 1000 /b 5000"}));
}

UNIT_TEST(only_the_files_of_other_parts_are_added_and_each_once) {
  Places places;
  MappedParts gone, parts;
  places.map_file(range(0x1000, 0x1000), "/a", 0);
  places.map_file(range(0x2000, 0x1000), "/b", 0);
  gone.add(range(0x1000, 0x3000), places);
  parts.add(range(0x2000, 0x1000), places);
  parts.add_files_of(gone);
  assert_true((list(parts, places) == Lines{"2000 1000 /b 0", "1000 1000 /a 0"}));
}

// The hash is ((file ^ offset) * K ^ size) * K, so for any two offsets there are two sizes for
// which it is the same.
UNIT_TEST(parts_with_equal_hashes_are_both_listed) {
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15u;
  Places places;
  MappedParts parts;
  places.map_file(range(0, 1), "/pool", 0);
  const std::uint64_t file = places.at(GuestAddr(0)).file;
  const std::uint64_t one_size = 0x1000, other_offset = 0x2000;
  const std::uint64_t other_size = (file * kFactor) ^ ((file ^ other_offset) * kFactor) ^ one_size;
  places.map_file(range(0, one_size), "/pool", 0);
  parts.add(range(0, one_size), places);
  places.forget(GuestRange::everything());
  places.map_file(range(0, other_size), "/pool", other_offset);
  parts.add(range(0, other_size), places);
  assert_int_equal(parts.size(), 2);
}
