// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/input/files.h"

#include "pmemcheck/explore/input/user_error.h"
#include "tests/check_failure.h"
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

UNIT_TEST(files_with_different_paths_or_inodes_are_distinct) {
  Files files;
  assert_int_equal(files.location_of(mapping(0x1000, 64, "/a/pool", 1)).file, 0);
  assert_int_equal(files.location_of(mapping(0x9000, 64, "/a/pool", 1, 128)).file, 0);
  assert_int_equal(files.location_of(mapping(0x1000, 64, "/a/pool", 2)).file, 1);
  assert_int_equal(files.location_of(mapping(0x1000, 64, "/b/pool", 1)).file, 2);
  assert_int_equal(files[0].bytes, 192);
  // In an image they lie side by side.
  assert_true(files[0].name == "pool" && files[1].name == "pool.2" && files[2].name == "pool.3");
}

UNIT_TEST(memory_without_a_file_is_a_file_named_by_its_address) {
  Files files;
  const FileLocation first = files.location_of(mapping(0x2010, 100, ""));
  assert_int_equal(first.offset, 0x10);  // its lines are lines of memory
  assert_true(files[0].name == "memory-0x2000" && files[0].bytes == 116);
  assert_int_equal(files.location_of(mapping(0x2074, 12, "")).file, 0);  // touches it
  assert_int_equal(files.location_of(mapping(0x9000, 12, "")).file, 1);
  // Without stores it is not part of an image.
  assert_true(files.in_an_image().empty());
  files[1].is_stored_to = true;
  assert_true(files.in_an_image() == std::vector<FileNo>{1});
}

UNIT_TEST(addresses_show_files_as_mappings_are_made_moved_and_removed) {
  AddressMap map;
  map.map(GuestRange::of(GuestAddr(0x1000), 0x100), {0, 0}, Domain::adr);
  map.map(GuestRange::of(GuestAddr(0x1080), 0x100), {1, 0x40}, Domain::eadr);
  map.move(GuestRange::of(GuestAddr(0x1100), 0x80), GuestAddr(0x5000));
  map.unmap(GuestRange::of(GuestAddr(0x1000), 0x10));
  std::vector<std::uint64_t> seen;
  map.for_each_part(
      GuestRange::everything(), [&](GuestRange part, FileLocation location, Domain domain) {
        seen.insert(seen.end(), {part.begin.raw(), part.size(), location.file, location.offset,
                                 static_cast<std::uint64_t>(domain)});
      });
  assert_true(seen == (std::vector<std::uint64_t>{0x1010, 0x70, 0, 0x10, 0,  //
                                                  0x1080, 0x80, 1, 0x40, 1,  //
                                                  0x5000, 0x80, 1, 0xc0, 1}));
}

UNIT_TEST(a_mapping_can_move_onto_a_part_of_itself) {
  AddressMap map;
  map.map(GuestRange::of(GuestAddr(0x1000), 0x100), {0, 0x40}, Domain::adr);
  map.move(GuestRange::of(GuestAddr(0x1000), 0x100), GuestAddr(0x1080));
  int parts = 0;
  map.for_each_part(GuestRange::everything(), [&](GuestRange part, FileLocation location, Domain) {
    assert_true(part == GuestRange::of(GuestAddr(0x1080), 0x100));
    assert_int_equal(location.offset, 0x40);
    parts++;
  });
  assert_int_equal(parts, 1);
}

UNIT_TEST(bytes_of_different_files_never_touch_as_ranges) {
  constexpr std::uint64_t kMost = (std::uint64_t{1} << kFileOffsetBits) - 1;
  const GuestRange last = file_range({0, kMost - 1}, 1);
  assert_true(last.end < file_range({1, 0}, 1).begin);
  assert_check_fails(file_range({0, kMost}, 1));
  assert_check_fails(file_range({0, 0}, kMost + 1));
}

UNIT_TEST(a_file_too_large_to_be_explored_is_refused_by_name) {
  Files files;
  try {
    files.location_of(mapping(0x1000, 64, "/a/pool", 1, std::uint64_t{1} << kFileOffsetBits));
    fail();
  } catch (const UserError& error) {
    assert_string_equal(error.what(), "pool: a file of 2^48 bytes or more");
  }
}

UNIT_TEST(a_file_number_out_of_range_fails_a_check) {
  const Files files;
  assert_check_fails(files[0]);
}
