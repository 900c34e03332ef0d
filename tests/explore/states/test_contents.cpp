// SPDX-License-Identifier: GPL-2.0-or-later
#include "pmemcheck/explore/states/contents.h"

#include <string>
#include <vector>

#include "tests/check_failure.h"
#include "tests/unit.h"

using namespace pmemcheck::explore;

namespace {

std::vector<std::uint8_t> bytes(std::size_t size, std::uint8_t value) {
  return std::vector<std::uint8_t>(size, value);
}

}  // namespace

UNIT_TEST(chunks_past_the_end_of_the_file_read_as_zero_and_are_not_written) {
  Contents c(20);
  c.set_chunk(0, 0x0102030405060708);
  c.set_chunk(2, 0x1112131415161718);
  c.set_chunk(3, 1);
  assert_int_equal(c.data()[0], 8);
  assert_int_equal(c.chunk(0), 0x0102030405060708);
  assert_int_equal(c.chunk(2), 0x15161718);
  assert_int_equal(c.chunk(3), 0);
}

UNIT_TEST(nonzero_bytes_are_found_in_a_huge_sparse_file) {
  Contents c(std::uint64_t{1} << 40);
  c.write((std::uint64_t{1} << 39) + 5, bytes(3, 7));
  std::uint64_t seen = 0;
  c.for_each_extent([&](std::uint64_t offset, std::uint64_t size) {
    for (std::uint64_t at = offset; at < offset + size; at++) seen += c.data()[at];
  });
  assert_int_equal(seen, 21);
}

UNIT_TEST(contents_become_equal_to_others_whatever_they_held) {
  Contents a(100000), b(100000);
  a.write(0, bytes(10, 1));
  a.write(50000, bytes(20000, 2));
  b.write(60000, bytes(30000, 3));
  assert_true(a.become(b));
  assert_memory_equal(a.data(), b.data(), 100000);
  assert_false(a.become(b));
}

UNIT_TEST(cleared_contents_are_zero_and_can_be_written_again) {
  Contents c(8192);
  c.write(0, bytes(8192, 9));
  c.clear(100, 5000);
  assert_int_equal(c.data()[99], 9);
  assert_int_equal(c.data()[100], 0);
  assert_int_equal(c.data()[5099], 0);
  assert_int_equal(c.data()[5100], 9);
  c.set_chunk(20, 5);
  assert_int_equal(c.chunk(20), 5);
}

UNIT_TEST(writes_to_an_empty_file_are_dropped) {
  Contents c(0);
  c.write(0, bytes(4, 1));
  c.set_chunk(0, 1);
  assert_int_equal(c.chunk(0), 0);
}

UNIT_TEST(contents_of_another_size_fail_a_check) {
  Contents a(100), b(101);
  assert_check_fails(a.become(b));
}

UNIT_TEST(contents_in_a_file_that_could_not_be_opened_fail_a_check) {
  assert_check_fails(Contents(Descriptor(), 100));
}
