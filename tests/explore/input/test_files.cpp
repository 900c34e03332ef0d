// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/files.h"

#include "tests/unit.h"

using namespace pmemcheck;
using namespace pmemcheck::explore;

namespace {

TraceMapping mapping(std::uint64_t address, std::uint64_t bytes, const char* path,
                     std::uint64_t inode = 0, std::uint64_t offset = 0) {
  return {.range = GuestRange::of(GuestAddr(address), bytes),
          .file_offset = offset,
          .inode = inode,
          .path = path};
}

}  // namespace

UNIT_TEST(files_are_told_apart_by_path_and_inode) {
  Files files;
  assert_int_equal(files.place_of(mapping(0x1000, 64, "/a/pool", 1)).file, 0);
  assert_int_equal(files.place_of(mapping(0x9000, 64, "/a/pool", 1, 128)).file, 0);
  assert_int_equal(files.place_of(mapping(0x1000, 64, "/a/pool", 2)).file, 1);
  assert_int_equal(files.place_of(mapping(0x1000, 64, "/b/pool", 1)).file, 2);
  assert_int_equal(files[0].bytes, 192);
  // In an image they lie side by side.
  assert_true(files[0].name == "pool" && files[1].name == "pool.2" && files[2].name == "pool.3");
}

UNIT_TEST(memory_without_a_file_is_named_by_its_address) {
  Files files;
  const Place first = files.place_of(mapping(0x2010, 100, ""));
  assert_int_equal(first.offset, 0x10);  // its lines are lines of memory
  assert_true(files[0].name == "memory-0x2000" && files[0].bytes == 116);
  assert_int_equal(files.place_of(mapping(0x2074, 12, "")).file, 0);  // touches it
  assert_int_equal(files.place_of(mapping(0x9000, 12, "")).file, 1);
  // Nobody has stored there: it is in no image.
  assert_true(files.in_an_image().empty());
  files[1].is_stored_to = true;
  assert_true(files.in_an_image() == std::vector<FileNo>{1});
}

UNIT_TEST(addresses_lead_to_files_as_mappings_come_move_and_go) {
  AddressMap map;
  map.map(GuestRange::of(GuestAddr(0x1000), 0x100), {0, 0}, Domain::adr);
  map.map(GuestRange::of(GuestAddr(0x1080), 0x100), {1, 0x40}, Domain::eadr);
  map.move(GuestRange::of(GuestAddr(0x1100), 0x80), GuestAddr(0x5000));
  map.unmap(GuestRange::of(GuestAddr(0x1000), 0x10));
  std::vector<std::uint64_t> seen;
  map.for_each_part(GuestRange::everything(), [&](GuestRange part, Place place, Domain domain) {
    seen.insert(seen.end(), {part.begin.raw(), part.size(), place.file, place.offset,
                             static_cast<std::uint64_t>(domain)});
  });
  assert_true(seen == (std::vector<std::uint64_t>{0x1010, 0x70, 0, 0x10, 0,  //
                                                  0x1080, 0x80, 1, 0x40, 1,  //
                                                  0x5000, 0x80, 1, 0xc0, 1}));
}

UNIT_TEST(a_mapping_may_move_onto_a_part_of_itself) {
  AddressMap map;
  map.map(GuestRange::of(GuestAddr(0x1000), 0x100), {0, 0x40}, Domain::adr);
  map.move(GuestRange::of(GuestAddr(0x1000), 0x100), GuestAddr(0x1080));
  int parts = 0;
  map.for_each_part(GuestRange::everything(), [&](GuestRange part, Place place, Domain) {
    assert_true(part == GuestRange::of(GuestAddr(0x1080), 0x100));
    assert_int_equal(place.offset, 0x40);
    parts++;
  });
  assert_int_equal(parts, 1);
}
