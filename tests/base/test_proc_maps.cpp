// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/base/proc_maps.h"

#include <string>

#include "tests/unit.h"

using namespace pmemcheck;

namespace {

ProcMapsLine parsed(const std::string& line) {
  // The members refer to the line: keep each that was parsed.
  static std::string kept[8];
  static unsigned next = 0;
  std::string& copy = kept[next++ % 8] = line;
  ProcMapsLine result;
  if (!parse_proc_maps_line(copy, &result)) fail_msg("refused: %s", line.c_str());
  return result;
}

std::string path_of(const std::string& line) {
  return std::string(parsed(line).path);
}

}  // namespace

UNIT_TEST(every_field_of_a_maps_line_is_read) {
  const ProcMapsLine line = parsed(
      "7f0c00000000-7f0c00800000 rw-s 00001000 fe:1f 1234                       /mnt/pmem/pool");
  assert_true(line.range == GuestRange::of(GuestAddr(0x7f0c'0000'0000), 0x80'0000));
  assert_true(line.can_read && line.can_write && !line.can_execute && line.is_shared);
  assert_int_equal(line.offset, 0x1000);
  assert_int_equal(line.device_major, 0xfe);
  assert_int_equal(line.device_minor, 0x1f);
  assert_int_equal(line.inode, 1234);
  assert_true(line.path == "/mnt/pmem/pool");
}

UNIT_TEST(each_permission_of_a_maps_line_is_read_by_its_letter) {
  const ProcMapsLine none = parsed("1000-2000 ---p 0 00:00 0");
  assert_false(none.can_read || none.can_write || none.can_execute || none.is_shared);
  assert_true(parsed("1000-2000 r--p 0 00:00 0").can_read);
  assert_true(parsed("1000-2000 -w-p 0 00:00 0").can_write);
  assert_true(parsed("1000-2000 --xp 0 00:00 0").can_execute);
  assert_true(parsed("1000-2000 ---s 0 00:00 0").is_shared);
}

UNIT_TEST(a_maps_line_without_a_file_has_no_path) {
  assert_true(path_of("1000-2000 rw-p 00000000 00:00 0").empty());
  assert_true(path_of("1000-2000 rw-p 00000000 00:00 0 ").empty());
  assert_int_equal(parsed("1000-2000 rw-p 00000000 00:00 0 ").inode, 0);
}

UNIT_TEST(a_name_in_brackets_is_the_path_of_a_maps_line) {
  assert_string_equal(path_of("7ffc0-7ffd0 rw-p 00000000 00:00 0      [stack]").c_str(), "[stack]");
  assert_string_equal(path_of("7ffc0-7ffd0 r-xp 00000000 00:00 0 [vdso]").c_str(), "[vdso]");
}

UNIT_TEST(a_path_in_a_maps_line_may_contain_spaces) {
  assert_string_equal(path_of("1000-2000 rw-s 0 fe:00 7      /mnt/my pool/a  b.dat").c_str(),
                      "/mnt/my pool/a  b.dat");
}

UNIT_TEST(the_path_of_a_deleted_file_keeps_what_the_kernel_appends) {
  assert_string_equal(path_of("1000-2000 rw-s 0 fe:00 7      /mnt/pool (deleted)").c_str(),
                      "/mnt/pool (deleted)");
}

UNIT_TEST(a_maps_line_may_hold_the_largest_numbers) {
  const ProcMapsLine line =
      parsed("0-ffffffffffffffff r--p ffffffffffffffff ffffffff:ffffffff 18446744073709551615 x");
  assert_int_equal(line.range.end.raw(), ~std::uint64_t{0});
  assert_int_equal(line.offset, ~std::uint64_t{0});
  assert_int_equal(line.device_major, ~std::uint32_t{0});
  assert_int_equal(line.device_minor, ~std::uint32_t{0});
  assert_int_equal(line.inode, ~std::uint64_t{0});
}

UNIT_TEST(malformed_maps_lines_are_refused_and_change_nothing) {
  const char* const refused[] = {
      "",
      " ",
      "1000",
      "1000-",
      "-2000 rw-p 0 00:00 0",
      "1000-2000",
      "1000-2000 ",
      "1000-2000 rw-",
      "1000-2000 rwxp",
      "1000-2000 rw-p 0",
      "1000-2000 rw-p 0 00:",
      "1000-2000 rw-p 0 00:00",
      "1000-2000 rw-p 0 00:00 ",
      "1000-2000 rw-p 0 00:00 /path",      // no inode
      "1000-2000 rw-p 0 00:00 12/path",    // no blank
      "1000-2000 rw-p 0 00:00 1f /path",   // the inode is decimal
      "1000-2000 rw-p 0 0000 1 /path",     // no colon
      "1000-2000 rw-q 0 00:00 1 /path",    // neither shared nor private
      "1000-2000 wr-p 0 00:00 1 /path",    // permissions in another order
      "1000-2000 rw-p  0 00:00 1 /path",   // two blanks
      "1000 2000 rw-p 0 00:00 1 /path",    // no dash
      "0x1000-2000 rw-p 0 00:00 1 /path",  // the kernel writes no 0x
      "1000-2A00 rw-p 0 00:00 1 /path",    // the kernel writes lower case
      "2000-1000 rw-p 0 00:00 1 /path",    // ends before it begins
      "1000-1000 rw-p 0 00:00 1 /path",    // holds nothing
      "10000000000000000-2 rw-p 0 00:00 1",
      "0-10000000000000000 rw-p 0 00:00 1",
      "0-1 rw-p 0 100000000:0 1",
      "0-1 rw-p 0 0:100000000 1",
      "0-1 rw-p 0 0:0 18446744073709551616",
      "0-1 rw-p 0 0:0 99999999999999999999999",
  };
  for (const char* line : refused) {
    ProcMapsLine result;
    result.inode = 42;
    if (parse_proc_maps_line(line, &result)) fail_msg("accepted: %s", line);
    assert_int_equal(result.inode, 42);
  }
}

UNIT_TEST(a_maps_line_that_is_cut_before_its_inode_is_refused) {
  const std::string whole = "7f0c00000000-7f0c00800000 rw-s 00001000 fe:00 12 /a b";
  const std::size_t first_inode_digit = whole.find("12");
  for (std::size_t bytes = 0; bytes <= whole.size(); bytes++) {
    ProcMapsLine result;
    assert_int_equal(parse_proc_maps_line(whole.substr(0, bytes), &result),
                     bytes > first_inode_digit);
  }
}
